import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ok } from '@kittiwake/base';
import type { Position, Resume } from '@kittiwake/protocol';
import { createFakeClock } from '@kittiwake/testkit';
import { fakeMember } from '../../test/support/fake-member.ts';
import { CHANNEL, channelRule, publicationAt } from '../../test/support/fixtures.ts';
import { gatewayOf, type TestGateway } from '../../test/support/test-hub.ts';
import type { Broker } from '../broker/broker.ts';
import { LocalChannel } from './local-channel.ts';
import { PastReader } from './past-reader.ts';
import type { Replay } from './recent-past.ts';
import { readReplay } from './replay.ts';
import { SharedPast } from './shared-past.ts';

async function withPast(count: number) {
  const gateway = gatewayOf();
  await gateway.join(fakeMember('first'));
  for (let n = 1; n <= count; n += 1) await gateway.publish(n);
  await gateway.settle();
  return gateway;
}

test('[C2] a replay ends where the live stream goes on', async () => {
  const gateway = await withPast(5);
  const grant = await gateway.join(fakeMember('late'), { position: { offset: 2, epoch: gateway.epoch() } });
  assert.deepEqual([grant?.resume.outcome, grant?.position.offset], ['recovered', 5]);
  assert.deepEqual(
    grant?.replay.map(({ position }) => position.offset),
    [3, 4, 5],
  );
});

test('[C2] what is published while the past is read belongs to the replay', async () => {
  const gateway = await withPast(3);
  const release = gateway.broker.holdReads();
  const late = fakeMember('late');
  const joining = gateway.join(late, { position: { offset: 1, epoch: gateway.epoch() } });
  await gateway.settle();
  await gateway.publish(4);
  await gateway.settle();
  release();
  const grant = await joining;
  await gateway.publish(5);
  await gateway.settle();
  const replayed = grant?.replay.map(({ position }) => position.offset) ?? [];
  assert.deepEqual([...replayed, ...late.offsets], [2, 3, 4, 5]);
});

test('[C2] what is published in the very moment in which the past was read is not missed', async () => {
  for (let moments = 0; moments < 12; moments += 1) {
    const gateway = await withPast(3);
    const epoch = gateway.epoch();
    const release = gateway.broker.holdReads();
    const late = fakeMember('late');
    const joining = gateway.join(late, { position: { offset: 1, epoch } });
    await gateway.settle();
    release();
    for (let moment = 0; moment < moments; moment += 1) await Promise.resolve();
    gateway.hub.onPublication(publicationAt(4, epoch));
    const grant = await joining;
    const replayed = grant?.replay.map(({ position }) => position.offset) ?? [];
    assert.deepEqual([grant?.position.offset, ...replayed], [1 + replayed.length, ...replayed]);
    assert.deepEqual([...replayed, ...late.offsets], [2, 3, 4], `${moments} moments after the read`);
  }
});

test('[C3] without a position nothing is owed', async () => {
  const gateway = await withPast(3);
  const grant = await gateway.join(fakeMember('late'));
  assert.deepEqual([grant?.resume, grant?.replay], [{ outcome: 'fresh' }, []]);
});

test('[C2][C3] what is trimmed between two pages is told, not jumped over', async () => {
  const gateway = await withPast(6);
  const epoch = gateway.epoch();
  inPagesOf(2, gateway, { trimmedAfterFirstPage: 5 });
  const grant = await gateway.join(fakeMember('late'), { position: { offset: 1, epoch } });
  assert.deepEqual(grant?.resume, { outcome: 'trimmed', firstOffset: 5 });
  assert.deepEqual(
    grant?.replay.map(({ position }) => position.offset),
    [5, 6],
  );
});

test('[C3] what replaces lost entries and is trimmed between two pages is unknown', async () => {
  const gateway = await withPast(6);
  const since = { offset: 6, epoch: gateway.epoch() };
  gateway.cluster.failOver(5);
  for (const n of [2, 3, 4, 5, 6]) await gateway.publish(n);
  await gateway.settle();
  inPagesOf(2, gateway, { trimmedAfterFirstPage: 5 });
  const grant = await gateway.join(fakeMember('late'), { position: since });
  assert.deepEqual([grant?.resume, grant?.replay], [{ outcome: 'unknown' }, []]);
});

test('[C2] a gateway that has not noticed a failover looks again before it lets anybody in', async () => {
  const gateway = await withPast(5);
  const epoch = gateway.epoch();
  const release = gateway.broker.holdDoubts();
  gateway.cluster.failOver(1);
  await gateway.publish(5);
  const late = fakeMember('late');
  const grant = await gateway.join(late, { position: { offset: 3, epoch } });
  release();
  await gateway.settle();
  assert.deepEqual(grant?.position, { offset: 5, epoch: gateway.epoch() });
  assert.deepEqual(late.received, []);
});

test('[B6] a log that cannot be read refuses the join, and leaves nobody behind', async () => {
  const gateway = await withPast(3);
  gateway.broker.failReads(10);
  const grant = await gateway.join(fakeMember('late'), { position: { offset: 1, epoch: gateway.epoch() } });
  assert.equal(grant, undefined);
  assert.equal(gateway.metrics.value('kittiwake_memberships'), 1);
});

for (const resume of [{ outcome: 'recovered' }, { outcome: 'truncated', divergedAt: 4 }] as const) {
  test(`[C11] who holds more than may be shown enters once that is shown again, ${resume.outcome}`, async () => {
    const ahead = await aheadOfWhatIsShown(resume, { shownAfterReads: 2 });
    assert.deepEqual(ahead, { read: ok(), entered: [{ resume, publications: [] }] });
  });
}

test('[C11] who holds more than may be shown for long is told when to come again', async () => {
  const refused = await aheadOfWhatIsShown({ outcome: 'recovered' }, { shownAfterReads: 100 });
  assert.ok(
    !refused.read.ok &&
      refused.read.error.kind === 'broker_unavailable' &&
      refused.read.error.retryAfterMs === 1_000,
  );
  assert.deepEqual(refused.entered, []);
});

/** A member at 4 of a log that this gateway is shown up to 2, and up to 4 once it was read often enough. */
async function aheadOfWhatIsShown(resume: Resume, when: { readonly shownAfterReads: number }) {
  const channel = new LocalChannel(CHANNEL, channelRule());
  const at = (offset: number): Position => ({ offset, epoch: 'A' });
  const chain = [{ epoch: 'A', start: 1 }];
  channel.live({ position: at(2), chain });
  let reads = 0;
  const broker = {
    read: async () => {
      reads += 1;
      return ok({ head: at(4), chain, firstKept: 5, resume, publications: [] });
    },
  };
  const streams = {
    repair: async () => {
      if (reads >= when.shownAfterReads) channel.live({ position: at(4), chain });
    },
  };
  const joining = channel.beginJoining();
  const entered: Replay[] = [];
  const enter = (replay: Replay): void => void entered.push(replay);
  const past = new PastReader(broker);
  const shared = new SharedPast({ past, clock: createFakeClock() });
  // Who has to drop something is of another history.
  const since = resume.outcome === 'truncated' ? { offset: 4, epoch: 'B' } : at(4);
  const read = await readReplay({
    channel,
    joining,
    past,
    shared,
    streams,
    since,
    chain: undefined,
    wanted: () => true,
    enter,
  });
  return { read, entered };
}

/** Makes the broker give pages of so many, as long entries would; after the first one, less is kept than before. */
function inPagesOf(
  limit: number,
  { broker }: TestGateway,
  { trimmedAfterFirstPage }: { readonly trimmedAfterFirstPage: number },
): void {
  const read = broker.read.bind(broker);
  let pages = 0;
  const readPage: Broker['read'] = async (channel, query) => {
    pages += 1;
    const page = await read(channel, { ...query, limit: pages === 1 ? limit : query.limit });
    if (pages === 1 || !page.ok) return page;
    const publications = page.value.publications.filter(
      ({ position }) => position.offset >= trimmedAfterFirstPage,
    );
    return ok({
      ...page.value,
      resume: { outcome: 'trimmed', firstOffset: trimmedAfterFirstPage },
      publications,
    });
  };
  Object.assign(broker, { read: readPage });
}
