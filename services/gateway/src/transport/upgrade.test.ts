import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decideUpgrade, type REFUSALS, type UpgradeRequest, type UpgradeRules } from './upgrade.ts';

const REQUEST: UpgradeRequest = {
  method: 'GET',
  url: '/v1/ws',
  upgrade: 'websocket',
  key: 'dGhlIHNhbXBsZSBub25jZQ==',
  version: '13',
  origin: 'https://app.example',
  protocols: 'kittiwake.v1',
};
const RULES: UpgradeRules = {
  path: '/v1/ws',
  origins: ['https://app.example'],
  withoutOrigin: true,
  draining: false,
  quota: 'admitted',
};

function decide(request: Partial<UpgradeRequest>, rules: Partial<UpgradeRules> = {}) {
  return decideUpgrade({ ...REQUEST, ...request }, { ...RULES, ...rules });
}

const REFUSED: readonly [string, Partial<UpgradeRequest>, Partial<UpgradeRules>, keyof typeof REFUSALS][] = [
  ['draining', {}, { draining: true }, 'draining'],
  ['another path', { url: '/v2/ws' }, {}, 'not_found'],
  ['a longer path', { url: '/v1/ws/x' }, {}, 'not_found'],
  ['no path', { url: undefined }, {}, 'not_found'],
  ['another method', { method: 'POST' }, {}, 'not_a_websocket'],
  ['another upgrade', { upgrade: 'h2c' }, {}, 'not_a_websocket'],
  ['no key', { key: undefined }, {}, 'not_a_websocket'],
  ['a short key', { key: 'abc==' }, {}, 'not_a_websocket'],
  ['version 8', { version: '8' }, {}, 'unsupported_version'],
  ['a foreign origin', { origin: 'https://evil.example' }, {}, 'forbidden_origin'],
  ['an origin that only begins alike', { origin: 'https://app.example.evil' }, {}, 'forbidden_origin'],
  ['the origin null', { origin: 'null' }, {}, 'forbidden_origin'],
  ['no origin where one is demanded', { origin: undefined }, { withoutOrigin: false }, 'forbidden_origin'],
  ['only other subprotocols', { protocols: 'graphql-ws, mqtt' }, {}, 'unsupported_protocol'],
  ['only a token', { protocols: 'kittiwake.token.abc' }, {}, 'unsupported_protocol'],
  ['an empty offer', { protocols: 'kittiwake.v1,,x' }, {}, 'unsupported_protocol'],
  ['a repeated offer', { protocols: 'kittiwake.v1, kittiwake.v1' }, {}, 'unsupported_protocol'],
  ['an offer with a space', { protocols: 'kittiwake.v1, a b' }, {}, 'unsupported_protocol'],
  [
    '17 offers',
    { protocols: Array.from({ length: 17 }, (_, n) => `p${n}`).join() },
    {},
    'unsupported_protocol',
  ],
  ['a full gateway', {}, { quota: 'gateway_full' }, 'gateway_full'],
  ['a full address', {}, { quota: 'address_full' }, 'address_full'],
];

for (const [what, request, rules, kind] of REFUSED) {
  test(`[T1] refuses ${what} as ${kind}`, () => {
    assert.deepEqual(decide(request, rules), { verdict: 'reject', kind });
  });
}

test('[T1] lets browsers in from allowed origins, and others without any', () => {
  assert.equal(decide({}).verdict, 'accept');
  assert.equal(decide({ origin: undefined }).verdict, 'accept');
  assert.equal(decide({ origin: 'http://localhost:1' }, { origins: ['*'] }).verdict, 'accept');
});

test('[T1] the query belongs to the client', () => {
  assert.equal(decide({ url: '/v1/ws?tab=1' }).verdict, 'accept');
});

test('[T2] without an offer it speaks JSON and names no subprotocol', () => {
  assert.deepEqual(decide({ protocols: undefined }), {
    verdict: 'accept',
    format: 'json',
    subprotocol: undefined,
    token: undefined,
  });
});

test('[T2] picks the format by its own preference, whatever the order of the offers', () => {
  for (const protocols of ['kittiwake.v1.msgpack, kittiwake.v1', 'kittiwake.v1,kittiwake.v1.msgpack']) {
    assert.partialDeepStrictEqual(decide({ protocols }), { format: 'json', subprotocol: 'kittiwake.v1' });
  }
  assert.partialDeepStrictEqual(decide({ protocols: 'x, kittiwake.v1.msgpack' }), { format: 'msgpack' });
});

test('[T2] takes the token out of the offers and never names it in the answer', () => {
  assert.deepEqual(decide({ protocols: 'kittiwake.token.aa.bb.cc, kittiwake.v1' }), {
    verdict: 'accept',
    format: 'json',
    subprotocol: 'kittiwake.v1',
    token: 'aa.bb.cc',
  });
});
