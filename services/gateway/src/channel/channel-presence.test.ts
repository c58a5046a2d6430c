import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deferred, err } from '@kittiwake/base';
import type { ChannelName } from '@kittiwake/protocol';
import { createFakeClock, createSeededRandom } from '@kittiwake/testkit';
import { fakeMember } from '../../test/support/fake-member.ts';
import { CHANNEL, channelRule } from '../../test/support/fixtures.ts';
import type { BrokerFailure } from '../broker/broker.ts';
import { MemoryCluster } from '../broker/memory/memory-cluster.ts';
import { MemoryPresence } from '../broker/memory/memory-presence.ts';
import type { PresenceChange, PresenceStore } from '../broker/presence-store.ts';
import { createRecordingMetrics } from '../metrics/recording-metrics.ts';
import { silentLogger } from '../telemetry/logger.ts';
import { ChannelPresence } from './channel-presence.ts';
import { LocalChannel } from './local-channel.ts';

const LINGER_MS = 10_000;

/** The connection of a member that is there. */
const HERE = { attempt: 0, alive: () => true };

async function presenceOf() {
  const clock = createFakeClock();
  const random = createSeededRandom(3);
  const channel = new LocalChannel(CHANNEL, channelRule());
  const metrics = createRecordingMetrics();
  const { store, lists } = gatedStore(new MemoryPresence(new MemoryCluster({ clock, random }), random));
  const watching = gateWatch(store);
  const deps = { store, clock, metrics, log: silentLogger, lingerMs: LINGER_MS };
  const presence = new ChannelPresence({ ...deps, find: () => channel });
  await presence.start();
  presence.opened(channel);
  const watcher = fakeMember('watcher');
  channel.attach(watcher);
  const alice = { member: fakeMember('alice').id, user: fakeMember('alice').user, data: { mood: 'here' } };
  return { clock, channel, metrics, presence, watcher, alice, lists, watching };
}

/** Lets a test hold watches and the answers of lists back, and tell of a change at a moment of its own. */
function gateWatch(store: PresenceStore) {
  const startOf = store.start.bind(store);
  const watchOf = store.watch.bind(store);
  let tell: (change: PresenceChange) => void = () => {};
  store.start = onChange => {
    tell = onChange;
    return startOf(onChange);
  };
  return {
    tell: (change: PresenceChange) => tell(change),
    /** The next watches wait until what is returned is called. */
    hold(): () => void {
      const gate = deferred<void>();
      store.watch = channel => gate.promise.then(() => watchOf(channel));
      return () => gate.resolve();
    },
    /** Lists are read when they are asked for, and arrive when what is returned is called. */
    holdAnswers(): () => void {
      const gate = deferred<void>();
      const listOf = store.list.bind(store);
      store.list = async channel => {
        const listed = await listOf(channel);
        await gate.promise;
        return listed;
      };
      return () => gate.resolve();
    },
  };
}

/** A store whose lists can be held back, or fail, and which may not know what became of a set. */
function gatedStore(inner: MemoryPresence) {
  let gate = deferred<void>();
  let begun = 0;
  let failing = 0;
  gate.resolve();
  const listOf = inner.list.bind(inner);
  const list: PresenceStore['list'] = async channel => {
    begun += 1;
    await gate.promise;
    if (failing === 0) return listOf(channel);
    failing -= 1;
    return err({ kind: 'broker_unavailable', message: 'the test says so' });
  };
  const setOf = inner.set.bind(inner);
  let failure: BrokerFailure | undefined;
  const set: PresenceStore['set'] = async (...entry) => {
    const stored = await setOf(...entry);
    return failure === undefined ? stored : err(failure);
  };
  const lists = {
    failSets(kind: 'unknown_outcome' | 'broker_unavailable') {
      failure = { kind, message: 'the test says so' };
    },
    get begun() {
      return begun;
    },
    hold() {
      gate = deferred<void>();
      begun = 0;
    },
    release: () => gate.resolve(),
    fail(times: number) {
      failing = times;
    },
  };
  const store = Object.assign(inner, { list, set });
  return { store, lists };
}

test('[E1][E3] a member that is set is listed, told of and counted', async () => {
  const { presence, channel, watcher, alice, clock, metrics } = await presenceOf();
  await presence.set(CHANNEL, alice, HERE);
  await clock.run(0);
  assert.deepEqual(await presence.entries(channel), { ok: true, value: [alice] });
  assert.deepEqual(watcher.received, [{ type: 'presence-diff', channel: CHANNEL, set: [alice], left: [] }]);
  assert.equal(metrics.value('kittiwake_presence_members'), 1);
});

test('[E5] a member that lingers leaves after the grace time, and stays when it sets itself again', async () => {
  const { presence, watcher, alice, clock, metrics } = await presenceOf();
  await presence.set(CHANNEL, alice, HERE);
  presence.linger(CHANNEL, alice.member);
  await clock.run(LINGER_MS - 1);
  await presence.set(CHANNEL, alice, HERE);
  await clock.run(LINGER_MS);
  assert.equal(metrics.value('kittiwake_presence_members'), 1);
  presence.linger(CHANNEL, alice.member);
  await clock.run(LINGER_MS);
  assert.equal(metrics.value('kittiwake_presence_members'), 0);
  const last = watcher.received.at(-1);
  assert.deepEqual(last?.type === 'presence-diff' && last.left, [alice.member]);
});

test('[E5] a member of which nobody knows whether it is shown leaves after the grace time as well', async () => {
  const { presence, channel, alice, clock, lists } = await presenceOf();
  lists.failSets('unknown_outcome');
  assert.ok(!(await presence.set(CHANNEL, alice, HERE)).ok);
  await clock.run(0);
  assert.deepEqual(await presence.entries(channel), { ok: true, value: [alice] });
  presence.linger(CHANNEL, alice.member);
  await clock.run(LINGER_MS);
  assert.deepEqual(await presence.entries(channel), { ok: true, value: [] });
});

test('[E4] a member is shown by the connection that set it last, until that is gone or takes it off the list', async () => {
  const { presence, alice } = await presenceOf();
  const connection = { attempt: 2, isThere: true, alive: () => connection.isThere };
  const isShown = (): boolean => presence.isShown(CHANNEL, alice.member);
  const earlier = presence.set(CHANNEL, alice, { attempt: 1, alive: () => false });
  assert.equal(isShown(), false);
  const later = presence.set(CHANNEL, alice, connection);
  await Promise.all([earlier, later]);
  assert.equal(isShown(), true);
  connection.isThere = false;
  assert.equal(isShown(), false);
  await presence.set(CHANNEL, alice, HERE);
  await presence.remove(CHANNEL, alice.member);
  assert.equal(isShown(), false);
});

test('[E4] whose set was refused shows nothing', async () => {
  const { presence, alice, lists } = await presenceOf();
  lists.failSets('broker_unavailable');
  assert.ok(!(await presence.set(CHANNEL, alice, HERE)).ok);
  assert.equal(presence.isShown(CHANNEL, alice.member), false);
});

test('[E5] a member that shows nothing does not linger', async () => {
  const { presence, alice, clock } = await presenceOf();
  const before = clock.timers;
  presence.linger(CHANNEL, alice.member);
  assert.equal(clock.timers, before);
});

test('[E2] after a doubt everybody is given the whole list', async () => {
  const { presence, channel, watcher, alice, clock } = await presenceOf();
  await presence.set(CHANNEL, alice, HERE);
  await clock.run(0);
  presence.doubted(channel);
  await clock.run(0);
  assert.deepEqual(watcher.received.at(-1), { type: 'presence-sync', channel: CHANNEL, members: [alice] });
});

test('[E2] what is told late of an earlier subscription changes nothing of the list that is read after it', async () => {
  const { presence, channel, alice, clock, watching } = await presenceOf();
  await presence.set(CHANNEL, alice, HERE);
  presence.closed(channel);
  const release = watching.hold();
  presence.opened(channel);
  watching.tell({ channel: CHANNEL, set: [], left: [alice.member] });
  release();
  await clock.run(0);
  assert.deepEqual(await presence.entries(channel), { ok: true, value: [alice] });
});

test('[E2][B8] so many lists are read at a time, each once however often it is doubted', async () => {
  const { presence, clock, lists } = await presenceOf();
  const channels = Array.from(
    { length: 100 },
    (_, n) => new LocalChannel(`chat:${n}` as ChannelName, channelRule()),
  );
  lists.hold();
  for (let times = 0; times < 3; times += 1) for (const channel of channels) presence.doubted(channel);
  await clock.run(0);
  // The first 64 are under way, and are doubted once more behind the others.
  assert.equal(lists.begun, 64);
  lists.release();
  await clock.run(0);
  assert.equal(lists.begun, 100 + 64);
});

test('[E2] a list that cannot be read after a doubt is asked for until it can', async () => {
  const { presence, channel, watcher, alice, clock, lists } = await presenceOf();
  await presence.set(CHANNEL, alice, HERE);
  lists.fail(2);
  presence.doubted(channel);
  await clock.run(2_000);
  assert.deepEqual(watcher.received.at(-1), { type: 'presence-sync', channel: CHANNEL, members: [alice] });
});

test('[E2][E3] who is set while the list of a channel that was just opened is on its way is on it, though it was doubted', async () => {
  const { presence, channel, alice, clock, watching } = await presenceOf();
  presence.closed(channel);
  const watched = watching.hold();
  presence.opened(channel);
  presence.doubted(channel);
  await clock.run(0);
  const arrives = watching.holdAnswers();
  watched();
  await clock.run(0);
  await presence.set(CHANNEL, alice, HERE);
  arrives();
  await clock.run(0);
  assert.deepEqual(await presence.entries(channel), { ok: true, value: [alice] });
});

test('[E2] members that came while the list could not be read are given it as soon as it can', async () => {
  const { presence, channel, watcher, alice, clock, lists } = await presenceOf();
  await presence.set(CHANNEL, alice, HERE);
  presence.closed(channel);
  lists.fail(2);
  presence.opened(channel);
  assert.ok(!(await presence.entries(channel)).ok);
  await clock.run(1_000);
  assert.deepEqual(watcher.received.at(-1), { type: 'presence-sync', channel: CHANNEL, members: [alice] });
});
