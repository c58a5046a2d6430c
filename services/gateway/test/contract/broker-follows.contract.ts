import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ChannelName } from '@kittiwake/protocol';
import {
  numbered,
  type Outcome,
  publishNumbered as publish,
  publishEach,
  type Subject,
  sayOf,
  storedIn,
} from './numbered-publishes.ts';
import { newChannel, publishing } from './tier-harness.ts';

/** What publishes must do that name the number which they follow (SPEC P8–P10), on every broker. */
export function brokerFollowsContract(subject: Subject): void {
  /** Publishes `[sequence, follows]` of one life, one after another. */
  const publishFollowing = (
    channel: ChannelName,
    numbers: readonly (readonly [sequence: number, follows: number])[],
  ): Promise<readonly Outcome[]> =>
    publishEach(
      subject().here,
      channel,
      numbers.map(([sequence, follows]) => numbered(sequence, follows)),
    );
  const stored = (channel: ChannelName): Promise<readonly unknown[]> => storedIn(subject().here, channel);

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
}
