import assert from 'node:assert/strict';
import { test } from 'node:test';
import { skipWithoutRedis } from './redis-server.ts';
import { startSentinelTier } from './sentinel-tier.ts';

test('[Y3] a tier fails over when its primary is killed', { skip: skipWithoutRedis() }, async t => {
  const tier = await startSentinelTier();
  t.after(() => tier.stop());
  const former = await tier.primary();
  await former.kill();
  const next = await tier.waitForFailover(former);
  assert.notEqual(next.port, former.port);
  assert.equal((await tier.replicas()).length, 2);
});
