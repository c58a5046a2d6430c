import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { type TestContext, test } from 'node:test';
import { freePort } from '@kittiwake/testkit';
import { reachBroker } from './reach-broker.ts';

test('[V2] memory is always there', async () => {
  assert.equal((await reachBroker({ kind: 'memory' })).ok, true);
});

test('[V2] a Redis that nobody listens for is named, without its password', async () => {
  const port = await freePort();
  const reached = await reachBroker({ kind: 'redis', url: `redis://user:secret@127.0.0.1:${port}/0` });
  assert.match(reached.ok ? '' : reached.error, new RegExp(`127\\.0\\.0\\.1:${port} {2}ECONNREFUSED`));
  assert.doesNotMatch(reached.ok ? '' : reached.error, /secret/);
});

test('[V2] one Sentinel of several is enough', async t => {
  const here = { host: '127.0.0.1', port: await listen(t) };
  const gone = { host: '127.0.0.1', port: await freePort() };
  const tier = { kind: 'sentinel', master: 'kittiwake' } as const;
  assert.equal((await reachBroker({ ...tier, sentinels: [gone, here] })).ok, true);
  const reached = await reachBroker({ ...tier, sentinels: [gone] });
  assert.match(reached.ok ? '' : reached.error, /^No Sentinel answers/);
});

async function listen(t: TestContext): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => void server.close());
  return (server.address() as AddressInfo).port;
}
