import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { canMakeNamespaces, createNamespaces } from './network-namespaces.ts';
import { hasRedis, startRedis } from './redis-server.ts';
import { until } from './until.ts';

const SKIP = hasRedis() && canMakeNamespaces() ? false : 'it takes root, iproute2 and redis-server';

test('[Y3] a host that is cut off is silent until it is healed, and nothing of it stays', {
  skip: SKIP,
}, async t => {
  const network = createNamespaces(1);
  t.after(() => network.remove());
  const [host] = network.hosts;
  assert.ok(host !== undefined);
  const redis = await startRedis({ host: host.address, port: 6379, namespace: host.namespace });
  t.after(() => redis.stop());
  assert.equal(await redis.command('PING'), 'PONG');
  network.cut(host);
  const asked = redis.command('SET', 'heard', 'yes').catch(() => 'silence');
  assert.equal(
    await Promise.race([asked, until(() => false, { timeoutMs: 300 }).catch(() => 'silence')]),
    'silence',
  );
  network.heal(host);
  await until(async () => (await redis.command('PING').catch(() => '')) === 'PONG', { timeoutMs: 15_000 });
  await asked;
  await redis.stop();
  network.remove();
  const left = spawnSync('ip', ['netns', 'list'], { encoding: 'utf8' }).stdout;
  assert.ok(!left.includes(host.namespace), left);
});
