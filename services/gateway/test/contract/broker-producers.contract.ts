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

/** What numbered publishes of a producer must do (SPEC P8–P10), on every broker. */
export function brokerProducersContract(subject: Subject): void {
  /** Publishes `[epoch, sequence]` of one producer, one after another. */
  const publishAll = (
    channel: ChannelName,
    numbers: readonly (readonly [epoch: number, sequence: number])[],
  ): Promise<readonly Outcome[]> =>
    publishEach(
      subject().here,
      channel,
      numbers.map(([epoch, sequence]) => ({ id: 'orders-1', epoch, sequence })),
    );
  const stored = (channel: ChannelName): Promise<readonly unknown[]> => storedIn(subject().here, channel);

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
