import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ChannelName } from '@kittiwake/protocol';
import { type FakeMember, fakeMember } from '../../test/support/fake-member.ts';
import { CHANNEL, publicationAt } from '../../test/support/fixtures.ts';
import { gatewayOf, type TestGateway } from '../../test/support/test-hub.ts';

async function joined(gateway: TestGateway, name = 'alice') {
  const member = fakeMember(name);
  await gateway.join(member);
  return member;
}

test('[C5] members of two gateways see one order', async () => {
  const cluster = gatewayOf();
  const other = cluster.sibling();
  const [alice, bob] = [await joined(cluster, 'alice'), await joined(other, 'bob')];
  for (let n = 1; n <= 20; n += 1) await (n % 2 === 0 ? cluster : other).publish(n);
  await cluster.settle();
  assert.deepEqual(
    alice.offsets,
    Array.from({ length: 20 }, (_, index) => index + 1),
  );
  assert.deepEqual(bob.offsets, alice.offsets);
});

test('[C5] a gap is filled from the log once for all local members', async () => {
  const gateway = gatewayOf();
  const members = [await joined(gateway, 'alice'), await joined(gateway, 'bob')];
  await gateway.publish(1);
  gateway.broker.drop(2);
  for (const n of [2, 3, 4]) await gateway.publish(n);
  await gateway.settle();
  for (const member of members) assert.deepEqual(member.offsets, [1, 2, 3, 4]);
  assert.equal(gateway.broker.reads, 2, 'one to open, one to fill');
  assert.equal(gateway.metrics.value('kittiwake_gaps_total', { result: 'filled' }), 1);
});

test('[C5] what arrives while the log is read waits for it', async () => {
  const gateway = gatewayOf();
  const alice = await joined(gateway);
  gateway.broker.drop(2);
  const release = gateway.broker.holdReads();
  for (const n of [1, 2, 3]) await gateway.publish(n);
  await gateway.settle();
  assert.deepEqual(alice.offsets, [1]);
  release();
  await gateway.settle();
  assert.deepEqual(alice.offsets, [1, 2, 3]);
});

test('[C5] the last member may go while it is given what was missing', async () => {
  const gateway = gatewayOf();
  const alice = fakeMember('alice');
  const overflowing: FakeMember = {
    ...alice,
    deliver: message => {
      alice.deliver(message);
      if (alice.offsets.length === 2) gateway.leave(alice);
    },
  };
  await gateway.join(overflowing);
  gateway.broker.drop(2);
  for (const n of [1, 2, 3]) await gateway.publish(n);
  await gateway.settle();
  assert.deepEqual([alice.offsets, gateway.hub.channelCount], [[1, 2], 0]);
});

test('[C5] a doubt that comes the moment after the log was compared is looked into', async () => {
  const gateway = gatewayOf();
  const alice = fakeMember('alice');
  const doubting: FakeMember = {
    ...alice,
    deliver: message => {
      alice.deliver(message);
      if (alice.offsets.at(-1) !== 1) return;
      void gateway.publish(2);
      queueMicrotask(() => gateway.hub.onDoubt([CHANNEL]));
    },
  };
  await gateway.join(doubting);
  for (const offset of [1, 2]) gateway.broker.drop(offset);
  await gateway.publish(1);
  gateway.hub.onDoubt([CHANNEL]);
  await gateway.settle();
  assert.deepEqual(alice.offsets, [1, 2]);
});

test('[C6] a failover that lost entries is told at the offset where the histories part', async () => {
  const gateway = gatewayOf();
  const alice = await joined(gateway);
  for (const n of [1, 2, 3, 4, 5]) await gateway.publish(n);
  await gateway.settle();
  gateway.cluster.failOver(2);
  await gateway.publish(6);
  await gateway.settle();
  const told = alice.received.find(message => message.type === 'truncated');
  assert.deepEqual(told?.type === 'truncated' && told.resume, { outcome: 'truncated', divergedAt: 4 });
  assert.deepEqual(alice.offsets, [1, 2, 3, 4, 5, 4]);
});

test('[B8] after a failover so many channels are read at a time, in order, and each once', async () => {
  const gateway = gatewayOf();
  const channels = Array.from({ length: 200 }, (_, n) => `chat:${n}` as ChannelName);
  for (const channel of channels) await gateway.join(fakeMember('alice'), { channel });
  const before = gateway.broker.reads;
  const release = gateway.broker.holdReads();
  for (let times = 0; times < 3; times += 1) gateway.cluster.failOver(0);
  await gateway.settle();
  assert.equal(gateway.broker.reads - before, 64);
  release();
  await gateway.settle();
  // The first 64 were under way when the last doubt came, and are read once more.
  assert.equal(gateway.broker.reads - before, 200 + 64);
  assert.deepEqual(gateway.broker.readChannels.slice(before, before + 200), channels);
});

test('[C6] a failover that lost nothing is not noticed by members', async () => {
  const gateway = gatewayOf();
  const alice = await joined(gateway);
  for (const n of [1, 2]) await gateway.publish(n);
  gateway.cluster.failOver(0);
  await gateway.publish(3);
  await gateway.settle();
  assert.deepEqual(alice.offsets, [1, 2, 3]);
  assert.equal(
    alice.received.some(message => message.type === 'truncated'),
    false,
  );
});

test('[C5] a log that cannot be read is tried again until it can', async () => {
  const gateway = gatewayOf();
  const alice = await joined(gateway);
  gateway.broker.drop(1);
  gateway.broker.failReads(3);
  for (const n of [1, 2]) await gateway.publish(n);
  await gateway.run(10_000);
  assert.deepEqual(alice.offsets, [1, 2]);
});

test('[C2] a member that resumes gets what it missed, then the live stream, without a crack', async () => {
  const gateway = gatewayOf();
  await joined(gateway, 'keeps the channel open');
  for (const n of [1, 2, 3]) await gateway.publish(n);
  await gateway.settle();
  const release = gateway.broker.holdReads();
  const bob = fakeMember('bob');
  const resuming = gateway.join(bob, { position: { offset: 1, epoch: gateway.epoch() } });
  await gateway.settle();
  for (const n of [4, 5]) await gateway.publish(n);
  await gateway.settle();
  release();
  const grant = await resuming;
  await gateway.publish(6);
  await gateway.settle();
  assert.deepEqual(
    grant?.replay.map(({ position }) => position.offset),
    [2, 3, 4, 5],
  );
  assert.deepEqual(grant?.resume, { outcome: 'recovered' });
  assert.equal(grant?.position.offset, 5);
  assert.deepEqual(bob.offsets, [6]);
});

test('[C2] a member that is ahead of this gateway gets nothing twice', async () => {
  const gateway = gatewayOf();
  await joined(gateway, 'keeps the channel open');
  await gateway.publish(1);
  await gateway.settle();
  gateway.broker.drop(2);
  await gateway.publish(2);
  const bob = fakeMember('bob');
  const grant = await gateway.join(bob, { position: { offset: 2, epoch: gateway.epoch() } });
  await gateway.publish(3);
  await gateway.settle();
  assert.deepEqual(grant?.replay, []);
  assert.deepEqual(bob.offsets, [3]);
});

test('[C6] a resume starts anew when the history changes while the past is read', async () => {
  const gateway = gatewayOf();
  await joined(gateway, 'keeps the channel open');
  for (const n of [1, 2, 3, 4]) await gateway.publish(n);
  await gateway.settle();
  const since = { offset: 2, epoch: gateway.epoch() };
  const release = gateway.broker.holdReads();
  const bob = fakeMember('bob');
  const resuming = gateway.join(bob, { position: since });
  await gateway.settle();
  gateway.cluster.failOver(1);
  await gateway.publish(5);
  release();
  const grant = await resuming;
  assert.deepEqual(
    grant?.replay.map(({ data }) => data),
    [{ n: 3 }, { n: 5 }],
  );
});

test('[C1] the last one out unsubscribes, the next one in opens the channel anew', async () => {
  const gateway = gatewayOf();
  const alice = await joined(gateway);
  await gateway.publish(1);
  await gateway.settle();
  gateway.leave(alice);
  assert.equal(gateway.hub.channelCount, 0);
  await gateway.publish(2);
  const bob = await joined(gateway, 'bob');
  await gateway.publish(3);
  await gateway.settle();
  assert.deepEqual(alice.offsets, [1]);
  assert.deepEqual(bob.offsets, [3]);
});

test('[C6] announcements of a history that is gone do not disturb the one that goes on', async () => {
  const gateway = gatewayOf();
  const alice = await joined(gateway);
  for (const n of [1, 2]) await gateway.publish(n);
  await gateway.settle();
  const ghost = { ...publicationAt(3, 'deposed'), data: { n: 'ghost' } };
  for (let times = 0; times < 10; times += 1) gateway.hub.onPublication(ghost);
  await gateway.publish(3);
  await gateway.settle();
  assert.deepEqual(
    alice.received.map(message => (message.type === 'publication' ? message.data : message.type)),
    [{ n: 1 }, { n: 2 }, { n: 3 }],
  );
});
