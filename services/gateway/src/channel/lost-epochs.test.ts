import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Resume } from '@kittiwake/protocol';
import { type FakeMember, fakeMember } from '../../test/support/fake-member.ts';
import { gatewayOf, type TestGateway } from '../../test/support/test-hub.ts';

function truncations(member: FakeMember): readonly Resume[] {
  return member.received.flatMap(message => (message.type === 'truncated' ? [message.resume] : []));
}

async function joined(gateway: TestGateway, name = 'alice') {
  const member = fakeMember(name);
  await gateway.join(member);
  return member;
}

test('[C10] a live member is told the exact offset although its newest epoch was lost as a whole', async () => {
  const gateway = gatewayOf();
  const alice = await joined(gateway);
  for (const n of [1, 2, 3]) await gateway.publish(n);
  gateway.cluster.failOver(0);
  for (const n of [4, 5]) await gateway.publish(n);
  await gateway.settle();
  gateway.cluster.failOver(2);
  await gateway.publish(6);
  await gateway.settle();
  assert.deepEqual(truncations(alice), [{ outcome: 'truncated', divergedAt: 4 }]);
  assert.deepEqual(alice.offsets, [1, 2, 3, 4, 5, 4]);
});

test('[C10] a live member is told the exact offset after two lossy failovers in a row', async () => {
  const gateway = gatewayOf();
  const alice = await joined(gateway);
  for (const n of [1, 2, 3]) await gateway.publish(n);
  gateway.cluster.failOver(0);
  for (const n of [4, 5]) await gateway.publish(n);
  await gateway.settle();
  const release = gateway.broker.holdReads();
  gateway.cluster.failOver(1);
  await gateway.publish(5);
  gateway.cluster.failOver(3);
  await gateway.publish(3);
  release();
  await gateway.settle();
  assert.deepEqual(truncations(alice), [{ outcome: 'truncated', divergedAt: 3 }]);
  assert.deepEqual(alice.offsets, [1, 2, 3, 4, 5, 3]);
});

test('[C10] a gateway that opens a channel late knows the epochs before it', async () => {
  const gateway = gatewayOf();
  const late = gateway.sibling();
  for (const n of [1, 2, 3]) await gateway.publish(n);
  gateway.cluster.failOver(0);
  await gateway.publish(4);
  const bob = await joined(late, 'bob');
  gateway.cluster.failOver(1);
  await gateway.settle();
  assert.deepEqual(truncations(bob), [{ outcome: 'truncated', divergedAt: 4 }]);
});

test('[C10] a resume is compared by the chain that the member brings', async () => {
  const gateway = gatewayOf();
  const epochs: string[] = [];
  for (const lost of [0, 2, 0]) {
    for (const n of [1, 2]) await gateway.publish(n);
    epochs.push(gateway.epoch());
    gateway.cluster.failOver(lost);
  }
  const [first = '', second = ''] = epochs;
  const since = { offset: 4, epoch: second };
  const chain = [
    { epoch: first, start: 1 },
    { epoch: second, start: 3 },
  ];
  const told = await gateway.join(fakeMember('bob'), { position: since, chain });
  assert.deepEqual(told?.resume, { outcome: 'truncated', divergedAt: 3 });
  assert.deepEqual(
    told?.replay.map(({ position }) => position.offset),
    [3, 4],
  );
  const untold = await gateway.join(fakeMember('carol'), { position: since });
  assert.deepEqual(untold?.resume, { outcome: 'unknown' });
});
