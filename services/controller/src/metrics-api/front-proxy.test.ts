import assert from 'node:assert/strict';
import { test } from 'node:test';
import { authenticate, type FrontProxy, toFrontProxy } from './front-proxy.ts';

const PROXY: FrontProxy = {
  caPem: 'pem',
  allowedNames: ['front-proxy-client'],
  userHeaders: ['x-remote-user'],
  groupHeaders: ['x-remote-group'],
  extraPrefixes: ['x-remote-extra-'],
};
const PROOF = { isTrusted: true, commonName: 'front-proxy-client' };
const HEADERS = {
  'x-remote-user': ['alice'],
  'x-remote-group': ['a', 'b, c'],
  'x-remote-extra-acme.com%2fscope': ['x'],
};

test('[R15] the front proxy says who asks', () => {
  const caller = authenticate(PROXY, PROOF, HEADERS);
  assert.deepEqual(caller, {
    ok: true,
    value: {
      user: 'alice',
      groups: ['a', 'b, c', 'system:authenticated'],
      extra: { 'acme.com/scope': ['x'] },
    },
  });
});

test('[R15] the API server itself, which names no group, counts as authenticated', () => {
  const caller = authenticate(PROXY, PROOF, { 'x-remote-user': ['system:kube-aggregator'] });
  assert.deepEqual(caller.ok && caller.value.groups, ['system:authenticated']);
});

test('[R15] an anonymous user stays anonymous', () => {
  const headers = { 'x-remote-user': ['system:anonymous'], 'x-remote-group': ['system:unauthenticated'] };
  const caller = authenticate(PROXY, PROOF, headers);
  assert.deepEqual(caller.ok && caller.value.groups, ['system:unauthenticated']);
});

const REFUSED = [
  ['no certificate', { isTrusted: false, commonName: undefined }, HEADERS],
  ['a certificate of the same CA for somebody else', { isTrusted: true, commonName: 'kubelet' }, HEADERS],
  ['a certificate without a name', { isTrusted: true, commonName: undefined }, HEADERS],
  ['no user', PROOF, {}],
  ['an empty user', PROOF, { 'x-remote-user': [''] }],
] as const;
for (const [what, proof, headers] of REFUSED) {
  test(`[R15] refused: ${what}`, () => assert.equal(authenticate(PROXY, proof, headers).ok, false));
}

test('[R15] without allowed names every certificate of that CA counts', () => {
  const open = { ...PROXY, allowedNames: [] };
  assert.equal(authenticate(open, { isTrusted: true, commonName: 'anything' }, HEADERS).ok, true);
});

test('[R15] the ConfigMap is read as the API server writes it', () => {
  const data = {
    'requestheader-client-ca-file': 'pem',
    'requestheader-allowed-names': '["front-proxy-client"]',
    'requestheader-username-headers': '["X-Remote-User"]',
    'requestheader-group-headers': '["X-Remote-Group"]',
    'requestheader-extra-headers-prefix': '["X-Remote-Extra-"]',
  };
  assert.deepEqual(toFrontProxy({ data }), PROXY);
  assert.equal(toFrontProxy({ data: {} }), undefined);
  assert.equal(toFrontProxy(undefined), undefined);
});
