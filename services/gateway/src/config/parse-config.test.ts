import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import type { ChannelName, EventName } from '@kittiwake/protocol';
import { createChannelRules } from './channel-rules.ts';
import { describeProblems } from './describe-problems.ts';
import type { GatewayConfig } from './gateway-config.ts';
import { parseConfig } from './parse-config.ts';
import type { Secrets } from './secrets.ts';

const SECRETS: Secrets = { 'signing-key-current': 'k'.repeat(32), 'api-key': 'a'.repeat(24) };
const ENV = { KITTIWAKE_GATEWAY_ID: 'gateway-1' };
const MINIMAL = 'channels: [{ pattern: "chat:*" }]';

test('[F4] the smallest file gets every default', () => {
  const config = accepted(MINIMAL);
  assert.deepEqual(config.ports, { clients: 8000, api: 8100, operations: 8200 });
  assert.equal(config.limits.outboxBytesMax, 1_048_576);
  assert.equal(config.drain.windowMs, 45_000);
  assert.deepEqual(config.broker, { kind: 'memory' });
  assert.equal(config.channels[0]?.history.ageMs, 300_000);
  assert.equal(config.channels[0]?.access.join, 'token');
  assert.equal(config.channels[0]?.visibility, 'stored');
});

test('[F4] the development file is accepted and its rules are found', async () => {
  const text = await readFile(new URL('../../config/development.yaml', import.meta.url), 'utf8');
  const rules = createChannelRules(accepted(text).channels);
  const chat = rules.find('chat:lobby' as ChannelName);
  assert.equal(chat?.presence, true);
  assert.equal(rules.find('game:7:moves' as ChannelName)?.ack, 'received');
  assert.equal(rules.find('feed:eu' as ChannelName)?.access.publish, 'nobody');
  assert.equal(rules.find('elsewhere' as ChannelName), undefined);
  const checked = chat?.check('chat:message:send' as EventName, 1, { text: '' });
  assert.deepEqual(checked, {
    ok: false,
    error: { path: 'data.text', problem: 'must not have fewer than 1 characters' },
  });
});

const BAD_EVERYWHERE = `
ports: { clients: 8000, apis: 1 }
limits: { conections: 5, outbox: 64KB }
drain: { window: 70s }
broker: { kind: sentinel, sentinels: ["redis"], url: "redis://x" }
origins: ["https://a.example/path"]
channels:
  - pattern: "chat:**"
    history: { size: -1 }
  - pattern: "a::b"
  - pattern: "game:**"
    schemas: { "move@1": { type: strin, proprties: {} }, "bad": true }
  - pattern: "game:x"
  - pattern: "safe:*"
    visibility: replicated
    history: { size: 0 }
`;
const BAD_PATHS = [
  'limits.outbox',
  'drain.grace',
  'broker.sentinels[0]',
  'broker.master',
  'broker.url',
  'origins[0]',
  'channels[0].history.size',
  'channels[1].pattern',
  'channels[2].schemas."move@1".type',
  'channels[2].schemas."move@1".proprties',
  'channels[2].schemas.bad',
  'channels[3].pattern',
  'channels[4].visibility',
  'KITTIWAKE_GATEWAY_ID',
  'LOG_LEVEL',
  'secrets/signing-key-current',
  'secrets/api-key',
] as const;

test('[F1] all problems of file, environment and secrets are reported together', () => {
  const parsed = parseConfig(BAD_EVERYWHERE, { LOG_LEVEL: 'loud' }, { 'signing-key-current': 'short' });
  assert(!parsed.ok, 'the file has problems');
  const paths = parsed.error.map(({ path }) => path);
  for (const path of BAD_PATHS) {
    assert(paths.includes(path), `${path} is reported in\n${describeProblems(parsed.error, 'test')}`);
  }
});

test('[F2] an unknown key is reported with the nearest known one', () => {
  const parsed = parseConfig(BAD_EVERYWHERE, ENV, SECRETS);
  assert(!parsed.ok, 'the file has problems');
  const found = new Map(parsed.error.map(({ path, problem }) => [path, problem]));
  assert.equal(found.get('ports.apis'), 'is not a setting; did you mean "api"?');
  assert.equal(found.get('limits.conections'), 'is not a setting; did you mean "connections"?');
});

test('[F1] a file that is not YAML says where', () => {
  const parsed = parseConfig('channels: [', ENV, SECRETS);
  assert(!parsed.ok, 'the file is broken');
  assert.match(parsed.error[0]?.path ?? '', /^line 1, column \d+$/);
});

const HOSTILE = {
  'a number': '5',
  'a list': '[1]',
  nothing: '',
  'keys twice': 'channels: []\nchannels: []',
  'prototype keys': '{"__proto__": {"x": 1}, "constructor": 1, "channels": [{"pattern": "a"}]}',
  'an alias bomb': `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefgh'
    .split('')
    .map((name, index) => `${name}: &${name} [${`*${'abcdefg'[index]},`.repeat(9)}]`)
    .join('\n')}`,
  'a huge text': `# ${'x'.repeat(1_100_000)}`,
  'channels of a wrong type': 'channels: { pattern: a }',
  'a schema without end': 'channels: [{ pattern: a, schemas: { "e@1": { $ref: "#" } } }]',
  'a schema reference to nowhere': 'channels: [{ pattern: a, schemas: { "e@1": { $ref: "#/$defs/no" } } }]',
  'a broken regular expression': 'channels: [{ pattern: a, schemas: { "e@1": { pattern: "(" } } }]',
  'a schema that is a number': 'channels: [{ pattern: a, schemas: { "e@1": 5 } }]',
} as const;

for (const [what, text] of Object.entries(HOSTILE)) {
  test(`[F1] ${what} is a problem, not an exception`, () => {
    assert.equal(parseConfig(text, ENV, SECRETS).ok, false);
  });
}

const CONTRADICTIONS = {
  'drain.grace': 'drain: { window: 58s }',
  'drain.ratePerSecond': 'drain: { ratePerSecond: 10 }',
  'admission.floorPerSecond': 'admission: { perSecond: 100, burst: 50, floorPerSecond: 101 }',
  'admission.burst': 'admission: { perSecond: 100, burst: 51 }',
  'admission.retryAfterMax': 'admission: { retryAfterMax: 1s }',
  'heartbeat.timeout': 'heartbeat: { interval: 5s, timeout: 5s }',
  'limits.connectionsPerAddress': 'limits: { connections: 10, connectionsPerAddress: 11 }',
  'limits.outbox': 'limits: { outbox: 64KiB }',
  'auth.maxTokenLifetime': 'auth: { maxTokenLifetime: 30s, leeway: 30s }',
  ports: 'ports: { clients: 8100 }',
} as const;

for (const [path, text] of Object.entries(CONTRADICTIONS)) {
  test(`[F5] ${path} is reported where numbers contradict each other`, () => {
    const parsed = parseConfig(`${MINIMAL}\n${text}`, ENV, SECRETS);
    assert(!parsed.ok, 'the numbers contradict each other');
    assert.deepEqual(
      parsed.error.map(problem => problem.path),
      [path],
    );
  });
}

test('[F6] no secret is in a problem', () => {
  const secrets: Secrets = {
    'signing-key-current': 'hunter2',
    'api-key': 'hunter2',
    'redis-password': 'hunter2',
  };
  const parsed = parseConfig(`${MINIMAL}\nbroker: { kind: redis, url: "redis://u:hunter2@x" }`, ENV, secrets);
  assert(!parsed.ok, 'the secrets are too short');
  assert(!describeProblems(parsed.error, 'x').includes('hunter2'));
});

test('[F6] passwords come from the secrets', () => {
  const text = `${MINIMAL}\nbroker: { kind: sentinel, sentinels: ["s-0:26379", "[::1]:5000"], master: kittiwake, username: gateway }`;
  const parsed = parseConfig(text, ENV, { ...SECRETS, 'redis-password': 'r', 'sentinel-password': 's' });
  assert(parsed.ok, 'the file is fine');
  assert.deepEqual(parsed.value.broker, {
    kind: 'sentinel',
    sentinels: [
      { host: 's-0', port: 26_379 },
      { host: '::1', port: 5_000 },
    ],
    master: 'kittiwake',
    username: 'gateway',
    password: 'r',
    sentinelPassword: 's',
  });
});

test('[F7] the environment goes before the file', () => {
  const parsed = parseConfig(
    `${MINIMAL}\ngatewayId: from-file`,
    { ...ENV, LOG_LEVEL: 'debug', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://otel:4318' },
    SECRETS,
  );
  assert(parsed.ok, 'the file is fine');
  assert.equal(parsed.value.gatewayId, 'gateway-1');
  assert.deepEqual(parsed.value.telemetry, { otlpEndpoint: 'http://otel:4318', logLevel: 'debug' });
});

function accepted(text: string): GatewayConfig {
  const parsed = parseConfig(text, ENV, SECRETS);
  assert(parsed.ok, parsed.ok ? '' : describeProblems(parsed.error, 'test'));
  return parsed.value;
}
