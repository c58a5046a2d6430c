import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFakeClock, createSeededRandom } from '@kittiwake/testkit';
import { fakeMember } from '../../test/support/fake-member.ts';
import { CHANNEL, channelRule } from '../../test/support/fixtures.ts';
import { MemoryCluster } from '../broker/memory/memory-cluster.ts';
import { MemoryPresence } from '../broker/memory/memory-presence.ts';
import { createRecordingMetrics } from '../metrics/recording-metrics.ts';
import { silentLogger } from '../telemetry/logger.ts';
import { ChannelPresence } from './channel-presence.ts';
import { LocalChannel } from './local-channel.ts';

const LINGER_MS = 10_000;

async function presenceOf() {
  const clock = createFakeClock();
  const random = createSeededRandom(3);
  const channel = new LocalChannel(CHANNEL, channelRule());
  const metrics = createRecordingMetrics();
  const store = new MemoryPresence(new MemoryCluster({ clock, random }), random);
  const deps = { store, clock, metrics, log: silentLogger, lingerMs: LINGER_MS };
  const presence = new ChannelPresence({ ...deps, find: () => channel });
  await presence.start();
  presence.opened(channel);
  const watcher = fakeMember('watcher');
  channel.attach(watcher);
  const alice = { member: fakeMember('alice').id, user: fakeMember('alice').user, data: { mood: 'here' } };
  return { clock, channel, metrics, presence, watcher, alice };
}

test('[E1][E3] a member that is set is listed, told of and counted', async () => {
  const { presence, channel, watcher, alice, clock, metrics } = await presenceOf();
  await presence.set(CHANNEL, alice);
  await clock.run(0);
  assert.deepEqual(await presence.entries(channel), { ok: true, value: [alice] });
  assert.deepEqual(watcher.received, [{ type: 'presence-diff', channel: CHANNEL, set: [alice], left: [] }]);
  assert.equal(metrics.value('kittiwake_presence_members'), 1);
});

test('[E5] a member that lingers leaves after the grace time, and stays when it sets itself again', async () => {
  const { presence, watcher, alice, clock, metrics } = await presenceOf();
  await presence.set(CHANNEL, alice);
  presence.linger(CHANNEL, alice.member);
  await clock.run(LINGER_MS - 1);
  await presence.set(CHANNEL, alice);
  await clock.run(LINGER_MS);
  assert.equal(metrics.value('kittiwake_presence_members'), 1);
  presence.linger(CHANNEL, alice.member);
  await clock.run(LINGER_MS);
  assert.equal(metrics.value('kittiwake_presence_members'), 0);
  const last = watcher.received.at(-1);
  assert.deepEqual(last?.type === 'presence-diff' && last.left, [alice.member]);
});

test('[E5] a member that shows nothing does not linger', async () => {
  const { presence, alice, clock } = await presenceOf();
  const before = clock.timers;
  presence.linger(CHANNEL, alice.member);
  assert.equal(clock.timers, before);
});

test('[E2] after a doubt everybody is given the whole list', async () => {
  const { presence, channel, watcher, alice, clock } = await presenceOf();
  await presence.set(CHANNEL, alice);
  await clock.run(0);
  presence.doubted(channel);
  await clock.run(0);
  assert.deepEqual(watcher.received.at(-1), { type: 'presence-sync', channel: CHANNEL, members: [alice] });
});
