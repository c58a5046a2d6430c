import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { systemClock, systemRandom } from '@kittiwake/base';
import type { ChannelName, Position } from '@kittiwake/protocol';
import { type RedisServer, skipWithoutRedis } from '@kittiwake/testkit';
import type { BrokerTier } from '../../src/broker/tier-options.ts';
import { Hub } from '../../src/channel/hub.ts';
import { createRecordingMetrics } from '../../src/metrics/recording-metrics.ts';
import { silentLogger } from '../../src/telemetry/logger.ts';
import { fakeMember } from '../support/fake-member.ts';
import { channelRule } from '../support/fixtures.ts';
import { redisTier, startDocumentedRedis, urlOptions } from './redis-harness.ts';
import { mustPublish, newChannel, publishing } from './tier-harness.ts';

/** What it costs those who publish that many come back at once who missed much, each in a channel of its own. */

const CHANNELS = 24;
const PUBLICATIONS = 170;
const TEXT = 'x'.repeat(6_000);
/** Far below the 24 MB that they are owed, and above the replies that may be under way. */
const HELD_BYTES_MAX = 4_000_000;
const skip = await skipWithoutRedis();

let server: RedisServer;

before(async () => {
  if (skip === false) server = await startDocumentedRedis();
});

after(() => server?.stop());

async function peakBytes(): Promise<number> {
  const info = await server.command('INFO', 'memory');
  return Number(/used_memory_peak:(\d+)/.exec(info)?.[1]);
}

test('[B14] however many come back at once, Redis holds a few pages of what they are owed', {
  skip,
}, async t => {
  const tier = redisTier(urlOptions(server));
  const hub = hubOver(tier);
  await tier.broker.start(hub);
  t.after(() => tier.broker.stop());
  const channels = Array.from({ length: CHANNELS }, newChannel);
  const positions = await Promise.all(channels.map(channel => fill(tier, channel)));
  const peakBefore = await peakBytes();
  const coming = channels.map((channel, n) => comeBack(hub, channel, positions[n]));
  const published = await tier.broker.publish(publishing(newChannel(), 'meanwhile'));
  assert.ok(published.ok);
  assert.deepEqual(new Set(await Promise.all(coming)), new Set([PUBLICATIONS - 1]));
  const heldBytes = (await peakBytes()) - peakBefore;
  t.diagnostic(`${heldBytes} bytes more than before they came`);
  assert.ok(heldBytes < HELD_BYTES_MAX, `${heldBytes} bytes`);
});

function hubOver({ broker }: BrokerTier): Hub {
  const shared = { clock: systemClock, random: systemRandom, log: silentLogger };
  const observer = { opened: () => {}, closed: () => {}, doubted: () => {}, delivered: () => {} };
  return new Hub({ ...shared, broker, observer, metrics: createRecordingMetrics() });
}

/** Publishes one after the other; gives the position of the first. */
async function fill(tier: BrokerTier, channel: ChannelName): Promise<Position> {
  const first = await mustPublish(tier, publishing(channel, TEXT));
  for (let n = 1; n < PUBLICATIONS; n += 1) await mustPublish(tier, publishing(channel, TEXT));
  return first;
}

/** Joins from `position`; how many publications followed. */
async function comeBack(hub: Hub, channel: ChannelName, position: Position | undefined): Promise<number> {
  let replayed = 0;
  const joined = await hub.join(channel, fakeMember(`back-${channel}`), {
    rule: channelRule({ history: { size: 1_000, ageMs: 60_000 } }),
    position,
    chain: undefined,
    wanted: () => true,
    welcome: ({ replay }) => {
      replayed = replay.length;
    },
  });
  assert.ok(joined.ok);
  return replayed;
}
