import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Position } from '@kittiwake/protocol';
import { type FakeMember, fakeMember } from '../../test/support/fake-member.ts';
import { CHANNEL, channelRule, publicationAt } from '../../test/support/fixtures.ts';
import { type Grant, gatewayOf, type TestGateway } from '../../test/support/test-hub.ts';

/** A gateway on which somebody is in a channel with a past, so that opening is over. */
async function withPast(count: number): Promise<TestGateway> {
  const gateway = gatewayOf();
  await gateway.join(fakeMember('first'));
  for (let n = 1; n <= count; n += 1) await gateway.publish(n);
  await gateway.settle();
  return gateway;
}

let members = 0;

/** So many members who come back at once, each from where it says. */
async function comeBack(
  gateway: TestGateway,
  positions: readonly Position[],
): Promise<readonly { readonly member: FakeMember; readonly grant: Grant | undefined }[]> {
  return Promise.all(
    positions.map(async position => {
      members += 1;
      const member = fakeMember(`back-${members}`);
      return { member, grant: await gateway.join(member, { position }) };
    }),
  );
}

const offsetsOf = (grant: Grant | undefined) => grant?.replay.map(({ position }) => position.offset);
const range = (from: number, to: number): readonly number[] =>
  Array.from({ length: to - from + 1 }, (_, n) => from + n);

test('[C12] two reads serve a thousand members who come back, wherever each of them was', async () => {
  const gateway = await withPast(50);
  const epoch = gateway.epoch();
  const before = gateway.broker.reads;
  const positions = range(0, 999).map(n => ({ offset: 50 - (n % 50), epoch }));
  const all = await comeBack(gateway, positions);
  for (const [n, { grant }] of all.entries()) {
    assert.deepEqual([grant?.resume.outcome, grant?.position.offset], ['recovered', 50]);
    assert.deepEqual(offsetsOf(grant), range((positions[n]?.offset ?? 0) + 1, 50));
  }
  const reads = gateway.broker.reads - before;
  assert.ok(reads <= 2, `${reads} reads`);
});

test('[C12] who comes alone reads what it is owed, and no more', async () => {
  const gateway = await withPast(50);
  const before = gateway.broker.reads;
  const [alone] = await comeBack(gateway, [{ offset: 48, epoch: gateway.epoch() }]);
  assert.deepEqual(offsetsOf(alone?.grant), [49, 50]);
  assert.equal(gateway.broker.reads - before, 1);
});

test('[C12] who was away for longer than others has only that read which is not held', async () => {
  const gateway = await withPast(50);
  const epoch = gateway.epoch();
  await comeBack(gateway, [{ offset: 40, epoch }]);
  const release = gateway.broker.holdReads();
  const before = gateway.broker.reads;
  const coming = comeBack(gateway, [
    { offset: 30, epoch },
    { offset: 35, epoch },
  ]);
  await gateway.settle();
  await gateway.publish(51);
  await gateway.settle();
  release();
  const [longest, longer] = await coming;
  assert.deepEqual(offsetsOf(longest?.grant), range(31, 51));
  assert.deepEqual(offsetsOf(longer?.grant), range(36, 51));
  assert.equal(gateway.broker.reads - before, 1);
});

test('[C12] what several are owed is one object for all of them', async () => {
  const gateway = await withPast(20);
  const epoch = gateway.epoch();
  const [first, second] = await comeBack(gateway, [
    { offset: 10, epoch },
    { offset: 15, epoch },
  ]);
  assert.equal(first?.grant?.replay[5], second?.grant?.replay[0]);
});

test('[C2][C12] a past of more than is shared is read by each for itself', async () => {
  const gateway = gatewayOf();
  await gateway.join(fakeMember('first'));
  for (let n = 1; n <= 100; n += 1) await gateway.publish(n, channelRule(), 'x'.repeat(100_000));
  await gateway.settle();
  const epoch = gateway.epoch();
  const all = await comeBack(gateway, [
    { offset: 1, epoch },
    { offset: 3, epoch },
  ]);
  assert.deepEqual(
    all.map(({ grant }) => [grant?.resume.outcome, grant?.replay.length]),
    [
      ['recovered', 99],
      ['recovered', 97],
    ],
  );
});

test('[C12] who missed nothing costs no read', async () => {
  const gateway = await withPast(50);
  const before = gateway.broker.reads;
  const [back] = await comeBack(gateway, [{ offset: 50, epoch: gateway.epoch() }]);
  assert.deepEqual([back?.grant?.resume.outcome, offsetsOf(back?.grant)], ['recovered', []]);
  assert.equal(gateway.broker.reads, before);
});

test('[C2][C12] what is published while many come back reaches each of them once', async () => {
  const gateway = await withPast(5);
  const epoch = gateway.epoch();
  const release = gateway.broker.holdReads();
  const coming = comeBack(
    gateway,
    range(0, 9).map(n => ({ offset: n % 5, epoch })),
  );
  await gateway.settle();
  for (const n of [6, 7]) await gateway.publish(n);
  await gateway.settle();
  release();
  await gateway.settle();
  await gateway.publish(8);
  await gateway.settle();
  const late = await comeBack(gateway, [{ offset: 1, epoch }]);
  await gateway.publish(9);
  await gateway.settle();
  for (const [n, { member, grant }] of [...(await coming).entries()])
    assert.deepEqual([...(offsetsOf(grant) ?? []), ...member.offsets], range((n % 5) + 1, 9));
  assert.deepEqual([...(offsetsOf(late[0]?.grant) ?? []), ...(late[0]?.member.offsets ?? [])], range(2, 9));
});

test('[C12] a past is not served any more once the history has changed', async () => {
  const gateway = await withPast(10);
  const epoch = gateway.epoch();
  await comeBack(
    gateway,
    [1, 2, 3].map(offset => ({ offset, epoch })),
  );
  gateway.cluster.failOver(5);
  await gateway.publish(6);
  await gateway.settle();
  const [back] = await comeBack(gateway, [{ offset: 8, epoch }]);
  assert.deepEqual(back?.grant?.resume, { outcome: 'truncated', divergedAt: 6 });
  assert.deepEqual(offsetsOf(back?.grant), [6]);
});

test('[C12] who holds what this history does not have is compared with the log', async () => {
  const gateway = await withPast(10);
  const epoch = gateway.epoch();
  await comeBack(
    gateway,
    [1, 2, 3].map(offset => ({ offset, epoch })),
  );
  const [stranger] = await comeBack(gateway, [{ offset: 5, epoch: 'elsewhere' }]);
  assert.deepEqual([stranger?.grant?.resume.outcome, offsetsOf(stranger?.grant)], ['unknown', []]);
});

test('[C12] many who come back from before what is kept are told so after two reads', async () => {
  const gateway = await withPast(400);
  const epoch = gateway.epoch();
  const before = gateway.broker.reads;
  const all = await comeBack(
    gateway,
    range(1, 200).map(offset => ({ offset, epoch })),
  );
  for (const { grant } of all) {
    assert.deepEqual(grant?.resume, { outcome: 'trimmed', firstOffset: 301 });
    assert.deepEqual(offsetsOf(grant), range(301, 400));
  }
  assert.ok(gateway.broker.reads - before <= 2, `${gateway.broker.reads - before} reads`);
});

test('[C12] a past is held for 10 s', async () => {
  const gateway = await withPast(10);
  const epoch = gateway.epoch();
  await comeBack(
    gateway,
    [1, 2, 3].map(offset => ({ offset, epoch })),
  );
  const held = gateway.broker.reads;
  await gateway.run(9_000);
  await comeBack(gateway, [{ offset: 1, epoch }]);
  assert.equal(gateway.broker.reads, held);
  await gateway.run(1_001);
  await comeBack(gateway, [{ offset: 1, epoch }]);
  assert.equal(gateway.broker.reads, held + 1);
});

test('[C12] a channel that keeps nothing is not made to keep anything', async () => {
  const gateway = gatewayOf();
  const rule = channelRule({ history: { size: 0, ageMs: 1_000 } });
  await gateway.join(fakeMember('first'), { rule });
  for (const n of [1, 2, 3]) await gateway.publish(n, rule);
  await gateway.settle();
  const epoch = gateway.epoch();
  const back = async (name: string, offset: number) =>
    (await gateway.join(fakeMember(name), { rule, position: { offset, epoch } }))?.resume;
  for (const name of ['a', 'b', 'c'])
    assert.deepEqual(await back(name, 1), { outcome: 'trimmed', firstOffset: 4 });
  await gateway.publish(4, rule);
  await gateway.settle();
  assert.deepEqual(await back('d', 2), { outcome: 'trimmed', firstOffset: 5 });
});

test('[C2][C12] whoever comes in whatever moment gets the rest, once and in order', async () => {
  for (let moments = 0; moments < 24; moments += 1) {
    const gateway = await withPast(3);
    const epoch = gateway.epoch();
    const release = gateway.broker.holdReads();
    const coming = comeBack(
      gateway,
      [1, 0, 2].map(offset => ({ offset, epoch })),
    );
    gateway.broker.drop(4);
    await gateway.publish(4);
    await gateway.settle();
    release();
    for (let moment = 0; moment < moments; moment += 1) await Promise.resolve();
    gateway.hub.onPublication({ ...publicationAt(4, epoch), channel: CHANNEL });
    for (const { member, grant } of await coming) {
      const got = [...(offsetsOf(grant) ?? []), ...member.offsets];
      assert.deepEqual(got, range(got[0] ?? 0, 4), `${moments} moments after the read`);
    }
  }
});
