import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { systemClock } from '@kittiwake/base';
import { listen, startFakeGateway } from '../../test/fake-gateway.ts';
import { handoverContract } from '../../test/handover-contract.ts';
import { toGatewayStatus } from './gateway-status.ts';
import { handoverRate } from './handover.ts';
import { createHttpHandover } from './http-handover.ts';
import { createHttpStatus } from './http-status.ts';
import { readOperationsKey } from './operations-key.ts';

const KEY = 'k'.repeat(43);

handoverContract('the fake gateway', async (context, sessions) => {
  const { port } = await startFakeGateway(context, KEY, sessions);
  return { port, key: KEY };
});

async function kindOf(context: TestContext, code: number, text = '{}'): Promise<string | undefined> {
  const port = await listen(context, (_, response) => response.writeHead(code).end(text));
  const tell = createHttpHandover({ clock: systemClock, port, readKey: async () => KEY });
  const told = await tell('127.0.0.1', { do: 'drain', perSecond: 1 });
  return told.ok ? undefined : told.error.kind;
}

test('[R23] without a key of its own it sends nothing', async context => {
  let requests = 0;
  const port = await listen(context, (_, response) => {
    requests += 1;
    response.end();
  });
  const tell = createHttpHandover({ clock: systemClock, port, readKey: async () => undefined });
  const told = await tell('127.0.0.1', { do: 'drain', perSecond: 1 });
  assert.deepEqual([told.ok ? undefined : told.error.kind, requests], ['no_key', 0]);
});

test('[R23] a gateway without hand-over, one that fails, and one that talks nonsense', async context => {
  assert.equal(await kindOf(context, 404), 'not_found');
  assert.equal(await kindOf(context, 500), 'status');
  assert.equal(await kindOf(context, 202, 'nonsense'), 'status');
});

test('[R22] a status that cannot be right is none', async context => {
  const good = {
    gateway: 'g',
    phase: 'serving',
    connections: 1,
    sessions: 1,
    channels: 1,
    shedding: null,
    broker: 'ready',
    startedAtMs: 1,
  };
  assert.ok(toGatewayStatus(good) !== undefined);
  assert.equal(toGatewayStatus({ ...good, broker: 'words of a later version' })?.broker, 'degraded');
  for (const change of [
    { sessions: -1 },
    { sessions: '1' },
    { sessions: undefined },
    { phase: 'asleep' },
    { gateway: 1 },
    { shedding: {} },
    { startedAtMs: null },
  ]) {
    assert.equal(toGatewayStatus({ ...good, ...change }), undefined, JSON.stringify(change));
    const port = await listen(context, (_, response) => response.end(JSON.stringify({ ...good, ...change })));
    const seen = await createHttpStatus(systemClock, port)('127.0.0.1');
    assert.equal(seen.ok ? undefined : seen.error.kind, 'malformed');
  }
  for (const value of [undefined, null, 1, 'x', []]) assert.equal(toGatewayStatus(value), undefined);
});

test('[R23] rates are what a gateway takes', () => {
  assert.deepEqual([0, 0.04, 1.26, 99_999].map(handoverRate), [0.1, 0.1, 1.3, 10_000]);
});

test('[R23] the key is read anew each time, and what is no key is none', async context => {
  const folder = await mkdtemp(join(tmpdir(), 'kittiwake-'));
  context.after(() => rm(folder, { recursive: true }));
  assert.equal(await readOperationsKey(''), undefined);
  assert.equal(await readOperationsKey(folder), undefined);
  for (const [text, key] of [
    [`${KEY}\n`, KEY],
    ['short', undefined],
    [`${KEY} ${KEY}`, undefined],
    [`${KEY}2`, `${KEY}2`],
  ] as const) {
    await writeFile(join(folder, 'operations-key'), text);
    assert.equal(await readOperationsKey(folder), key);
  }
});
