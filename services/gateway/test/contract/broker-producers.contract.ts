import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ChannelName, Producer } from '@kittiwake/protocol';
import type { PublishCommand } from '../../src/broker/broker.ts';
import type { BrokerTier } from '../../src/broker/tier-options.ts';
import { newChannel, publishing, type TierHarness } from './tier-harness.ts';

type Subject = () => {
  readonly harness: TierHarness;
  readonly here: BrokerTier;
  readonly there: BrokerTier;
};

/** A numbered publish, and what else is said with it. */
type Numbered = Producer & Partial<Pick<PublishCommand, 'key' | 'idempotencyMs'>>;

/** What became of a publish, in short: `3` stored at offset 3, `=3` the duplicate of it, `=` of one that is forgotten. */
type Outcome = string;

/** What numbered publishes of a producer must do (SPEC P8–P10), on every broker. */
export function brokerProducersContract(subject: Subject): void {
  const publish = async (tier: BrokerTier, channel: ChannelName, command: Numbered): Promise<Outcome> => {
    const { key, idempotencyMs, ...producer } = command;
    const over = {
      ...(key !== undefined && { key }),
      ...(idempotencyMs !== undefined && { idempotencyMs }),
    };
    const published = await tier.broker.publish(publishing(channel, sayOf(producer), { producer, ...over }));
    if (published.ok)
      return `${published.value.duplicate ? '=' : ''}${published.value.position?.offset ?? ''}`;
    const { kind, expectedSequence } = published.error;
    return expectedSequence === undefined ? kind : `${kind} ${expectedSequence}`;
  };
  /** Publishes `[epoch, sequence]` of one producer, one after another. */
  const publishAll = async (
    channel: ChannelName,
    numbers: readonly (readonly [epoch: number, sequence: number])[],
  ): Promise<readonly Outcome[]> => {
    const outcomes: Outcome[] = [];
    for (const [epoch, sequence] of numbers)
      outcomes.push(await publish(subject().here, channel, { id: 'orders-1', epoch, sequence }));
    return outcomes;
  };
  /** Publishes `[sequence, follows]` of one life, one after another. */
  const publishFollowing = async (
    channel: ChannelName,
    numbers: readonly (readonly [sequence: number, follows: number])[],
  ): Promise<readonly Outcome[]> => {
    const outcomes: Outcome[] = [];
    for (const [sequence, follows] of numbers)
      outcomes.push(await publish(subject().here, channel, { ...numbered(sequence), follows }));
    return outcomes;
  };
  const stored = async (channel: ChannelName): Promise<readonly unknown[]> => {
    const page = await subject().here.broker.read(channel, { limit: 100 });
    assert.ok(page.ok);
    return page.value.publications.map(one => one.data);
  };

  test('[P8] a number is stored once, from whichever gateway it comes, and answered with the first position', async () => {
    const channel = newChannel();
    const { here, there } = subject();
    const [first, second] = [numbered(1), numbered(2)];
    assert.equal(await publish(here, channel, first), '1');
    assert.equal(await publish(there, channel, first), '=1');
    assert.equal(await publish(there, channel, second), '2');
    assert.equal(await publish(here, channel, first), '=1');
    assert.equal(await publish(here, channel, second), '=2');
    assert.deepEqual(await stored(channel), [sayOf(first), sayOf(second)]);
  });

  test('[P8] numbers that are sent at once are stored in their order', async () => {
    const channel = newChannel();
    const { here } = subject();
    const sent = Array.from({ length: 20 }, (_, n) => publish(here, channel, numbered(n + 1)));
    assert.deepEqual(
      await Promise.all(sent),
      Array.from({ length: 20 }, (_, n) => String(n + 1)),
    );
  });

  test('[P8] a number counts instead of a key, and keys beside it mean nothing', async () => {
    const channel = newChannel();
    const { here } = subject();
    assert.equal(await publish(here, channel, { ...numbered(1), key: 'a' }), '1');
    assert.equal(await publish(here, channel, { ...numbered(2), key: 'a' }), '2');
    assert.equal(await publish(here, channel, { ...numbered(2), key: 'b' }), '=2');
    const keyed = await here.broker.publish(publishing(channel, 'keyed', { key: 'a' }));
    assert.ok(keyed.ok && !keyed.value.duplicate);
  });

  test('[P8] producers and channels are numbered apart', async () => {
    const [one, two] = [newChannel(), newChannel()];
    const { here } = subject();
    assert.equal(await publish(here, one, { id: 'a', epoch: 1, sequence: 7 }), '1');
    assert.equal(await publish(here, one, { id: 'b', epoch: 1, sequence: 3 }), '2');
    assert.equal(await publish(here, two, { id: 'a', epoch: 0, sequence: 1 }), '1');
    assert.equal(await publish(here, one, { id: 'a', epoch: 1, sequence: 8 }), '3');
  });

  test('[P9] a higher epoch begins with any sequence and fences the lower ones', async () => {
    const channel = newChannel();
    const outcomes = await publishAll(channel, [
      [1, 1],
      [3, 9],
      [1, 2],
      [1, 1],
      [2, 1],
      [3, 10],
      [4, 1],
      [3, 11],
      [4, 1],
    ]);
    assert.deepEqual(outcomes, ['1', '2', 'fenced', 'fenced', 'fenced', '3', '4', 'fenced', '=4']);
    assert.equal((await stored(channel)).length, 4);
  });

  test('[P10] a number that leaves a gap is refused with the one that is expected, and not stored', async () => {
    const channel = newChannel();
    const outcomes = await publishAll(channel, [
      [1, 4],
      [1, 6],
      [1, 99],
      [1, 5],
      [1, 6],
      [1, 5],
    ]);
    assert.deepEqual(outcomes, ['1', 'sequence_gap 5', 'sequence_gap 5', '2', '3', '=2']);
    assert.equal((await stored(channel)).length, 3);
  });

  test('[P10] a number from before the first that is known is refused, for nobody knows whether it was stored', async () => {
    const channel = newChannel();
    const outcomes = await publishAll(channel, [
      [1, 5],
      [1, 4],
      [1, 6],
      [1, 1],
      [1, 5],
      [2, 3],
      [2, 1],
    ]);
    assert.deepEqual(outcomes, ['1', 'sequence_gap 6', '2', 'sequence_gap 7', '=1', '3', 'sequence_gap 4']);
  });

  test('[P8] numbers may be skipped: a publish is stored where it follows the last one that is stored', async () => {
    const channel = newChannel();
    const outcomes = await publishFollowing(channel, [
      [1, 0],
      [3, 2],
      [3, 1],
      [4, 3],
      [9, 4],
      [9, 8],
      [10, 9],
    ]);
    assert.deepEqual(outcomes, ['1', 'sequence_gap 2', '2', '3', '4', '=4', '5']);
    assert.deepEqual(
      await stored(channel),
      [1, 3, 4, 9, 10].map(sequence => sayOf(numbered(sequence))),
    );
  });

  test('[P8] a copy that comes late is stored once or not at all, and nothing out of its order', async () => {
    const channel = newChannel();
    const outcomes = await publishFollowing(channel, [
      [1, 0],
      // 2 is lost. Copies of 3 are on their way; it is told to follow 1, and a copy comes before that is stored.
      [3, 2],
      [3, 1],
      [3, 2],
      // 4 and 5 are skipped, a copy of 4 comes first.
      [4, 3],
      [6, 3],
      [6, 4],
      // Copies of what is stored, of what was skipped before, and of what would follow what was.
      [4, 3],
      [2, 1],
      [5, 4],
      [7, 5],
    ]);
    assert.deepEqual(outcomes, [
      '1',
      'sequence_gap 2',
      '2',
      '=2',
      '3',
      'sequence_gap 5',
      '4',
      '=3',
      '=',
      '=',
      'sequence_gap 7',
    ]);
    assert.deepEqual(
      await stored(channel),
      [1, 3, 4, 6].map(sequence => sayOf(numbered(sequence))),
    );
  });

  test('[P8] what follows nothing it names follows the number before it', async () => {
    const channel = newChannel();
    const { here } = subject();
    const outcomes: Outcome[] = [];
    for (const follows of [{}, { follows: 5 }, {}, {}, { follows: 6 }])
      outcomes.push(await publish(here, channel, { ...numbered(5 + outcomes.length), ...follows }));
    assert.deepEqual(outcomes, ['1', '2', '3', '4', 'sequence_gap 9']);
  });

  test('[P9] what follows something begins no epoch of which nothing is known, and fences nobody', async () => {
    const channel = newChannel();
    const { here } = subject();
    const life = (epoch: number, sequence: number, follows: number): Promise<Outcome> =>
      publish(here, channel, { id: 'orders-1', epoch, sequence, follows });
    assert.equal(await life(1, 4, 3), 'sequence_gap 1');
    assert.equal(await life(1, 4, 0), '1');
    assert.equal(await life(2, 4, 3), 'sequence_gap 1');
    assert.equal(await life(1, 5, 4), '2');
    assert.equal(await life(2, 4, 0), '3');
    assert.equal(await life(2, 3, 0), 'sequence_gap 5');
    assert.equal(await life(2, 6, 4), '4');
    assert.equal(await life(1, 6, 5), 'fenced');
  });

  test('[P10] a refusal says for how long a producer is remembered', async () => {
    const channel = newChannel();
    const { here } = subject();
    const producer = { ...numbered(2), follows: 1 };
    const refused = await here.broker.publish(publishing(channel, '', { producer, idempotencyMs: 4_000 }));
    assert.ok(!refused.ok);
    assert.deepEqual([refused.error.expectedSequence, refused.error.rememberedMs], [1, 4_000]);
  });

  test('[P10] what is forgotten of a producer is told to who follows it, whatever its number', async () => {
    const channel = newChannel();
    const { harness, here } = subject();
    assert.equal(await publish(here, channel, { ...numbered(5), idempotencyMs: 300 }), '1');
    await harness.pass(400);
    assert.deepEqual(
      await publishFollowing(channel, [
        [6, 5],
        [5, 4],
        [6, 0],
        [7, 6],
      ]),
      ['sequence_gap 1', 'sequence_gap 1', '2', '3'],
    );
  });

  test('[P8] numbers up to the largest integer are told apart', async () => {
    const channel = newChannel();
    const max = Number.MAX_SAFE_INTEGER;
    const outcomes = await publishAll(channel, [
      [max - 1, max - 2],
      [max - 1, max],
      [max - 1, max - 1],
      [max - 1, max - 2],
      [max - 1, max],
      [max, max],
      [max - 1, max],
    ]);
    assert.deepEqual(outcomes, ['1', `sequence_gap ${max - 1}`, '2', '=1', '3', '4', 'fenced']);
  });

  test('[P10] what a producer did is forgotten after its time, and any number begins', async () => {
    const channel = newChannel();
    const brief = { idempotencyMs: 300 };
    const { harness, here } = subject();
    assert.equal(await publish(here, channel, { ...numbered(5), ...brief }), '1');
    await harness.pass(400);
    assert.equal(await publish(here, channel, numbered(3)), '2');
    assert.equal(await publish(here, channel, numbered(5)), 'sequence_gap 4');
  });

  test('[P9] a producer that goes on trying stays fenced', async () => {
    const channel = newChannel();
    const { harness, here } = subject();
    const brief = { id: 'orders-1', idempotencyMs: 1_500, sequence: 1 };
    assert.equal(await publish(here, channel, { ...brief, epoch: 2 }), '1');
    for (let attempt = 0; attempt < 2; attempt += 1) {
      await harness.pass(900);
      assert.equal(await publish(here, channel, { ...brief, epoch: 1 }), 'fenced');
    }
  });

  test('[P8] a producer that goes on is known for longer than the positions of what it did', async () => {
    const channel = newChannel();
    const brief = { idempotencyMs: 2_000 };
    const { harness, here } = subject();
    assert.equal(await publish(here, channel, { ...numbered(1), ...brief }), '1');
    await harness.pass(1_200);
    assert.equal(await publish(here, channel, { ...numbered(2), ...brief }), '2');
    await harness.pass(1_200);
    assert.equal(await publish(here, channel, { ...numbered(1), ...brief }), '=');
    assert.equal(await publish(here, channel, { ...numbered(2), ...brief }), '=2');
    assert.equal(await publish(here, channel, { ...numbered(4), ...brief }), 'sequence_gap 3');
  });
}

function numbered(sequence: number): Producer {
  return { id: 'orders-1', epoch: 1, sequence };
}

function sayOf({ id, epoch, sequence }: Producer): string {
  return `${id} ${epoch} ${sequence}`;
}
