import assert from 'node:assert/strict';
import { test } from 'node:test';
import { skipWithoutRedis, startRedis, startSentinelTier } from '@kittiwake/testkit';
import { expectConversation } from '../support/conversation.ts';
import { startDev } from '../support/started-dev.ts';

const skip = skipWithoutRedis();

test('[V1] two processes on one Redis share their channels', { skip }, async t => {
  const redis = await startRedis();
  t.after(() => redis.stop());
  const [one, other] = await Promise.all([
    startDev(t, ['--port', '0', '--redis', redis.url]),
    startDev(t, ['--port', '0', '--gateways', '2', '--redis', redis.url]),
  ]);
  assert.match(one.child.output(), /broker {6}Redis at 127\.0\.0\.1:\d+\n/);
  const tookMs = await expectConversation(one.client('alice', 0), other.client('bob', 1), 'chat:lobby');
  t.diagnostic(`publish to deliver ${tookMs.map(Math.round)} ms`);
});

test('[V1] gateways find the primary through Sentinels', { skip }, async t => {
  const tier = await startSentinelTier();
  t.after(() => tier.stop());
  const sentinels = tier.endpoints.map(({ host, port }) => `${host}:${port}`).join(',');
  const args = ['--port', '0', '--gateways', '2', '--sentinel', sentinels, '--master', tier.master];
  const dev = await startDev(t, args);
  assert.match(dev.child.output(), /Redis primary of kittiwake, asked of 3 Sentinels\n/);
  const tookMs = await expectConversation(dev.client('alice', 0), dev.client('bob', 1), 'chat:lobby');
  t.diagnostic(`publish to deliver ${tookMs.map(Math.round)} ms`);
});
