import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Ack, ChannelName, ErrorKind, ErrorMessage } from '@kittiwake/protocol';
import { createFakeClock, type FakeClock } from '@kittiwake/testkit';
import type { PublishOutcome } from './publish-outcome.ts';
import { type EncodedPublish, PublishQueue } from './publish-queue.ts';
import { QUEUE_BOUNDS, type QueueBounds } from './queue-bounds.ts';

const CHANNEL = 'chat:1' as ChannelName;

type Bench = { clock: FakeClock; queue: PublishQueue; sent: unknown[]; online: boolean };

function bench(bounds: Partial<QueueBounds> = {}): Bench {
  const clock = createFakeClock();
  const sent: unknown[] = [];
  const made: Bench = { clock, sent, online: false, queue: undefined as unknown as PublishQueue };
  made.queue = new PublishQueue({
    clock,
    bounds: { ...QUEUE_BOUNDS, ...bounds },
    ackTimeoutMs: 5_000,
    ready: () => made.online,
    send: data => sent.push(data) > 0,
  });
  return made;
}

const publish = (ref: number, more: Partial<EncodedPublish> = {}): EncodedPublish => ({
  ref,
  key: `k${ref}`,
  channel: CHANNEL,
  data: `m${ref}`,
  bytes: 10,
  ...more,
});
const ack = (ref: number): Ack => ({ type: 'ack', ref, channel: CHANNEL, level: 'primary' });
const refusal = (ref: number, kind: ErrorKind): ErrorMessage => ({
  type: 'error',
  ref,
  kind,
  message: '',
  retry: 'never',
});
const kindOf = (outcome: PublishOutcome): string =>
  'failure' in outcome ? `${outcome.outcome} ${outcome.failure.kind}` : outcome.outcome;

test('[K6] what is published offline waits, and is sent in order', async () => {
  const world = bench();
  const outcomes = [world.queue.publish(publish(1)), world.queue.publish(publish(2))];
  assert.deepEqual(world.sent, []);
  world.online = true;
  world.queue.flush();
  assert.deepEqual(world.sent, ['m1', 'm2']);
  world.queue.answer(1, ack(1));
  world.queue.answer(2, ack(2));
  assert.deepEqual((await Promise.all(outcomes)).map(kindOf), ['acked', 'acked']);
  assert.deepEqual([world.queue.size, world.queue.bytes, world.clock.timers], [0, 0, 0]);
});

test('[K5] what was not answered is sent again, the same bytes', () => {
  const world = bench();
  world.online = true;
  void world.queue.publish(publish(1));
  world.queue.lost();
  world.queue.flush();
  assert.deepEqual(world.sent, ['m1', 'm1']);
});

test('[K5] no acknowledgement in time is unknown', async () => {
  const world = bench();
  world.online = true;
  const outcome = world.queue.publish(publish(1));
  world.clock.advance(5_000);
  assert.equal(kindOf(await outcome), 'unknown timeout');
  assert.equal(world.queue.answer(1, ack(1)), false);
});

test('[K5] a refusal of a repetition says nothing about the first sending', async () => {
  const world = bench();
  world.online = true;
  const outcome = world.queue.publish(publish(1));
  world.queue.lost();
  world.queue.flush();
  world.queue.answer(1, refusal(1, 'forbidden'));
  assert.equal(kindOf(await outcome), 'unknown forbidden');
});

test('[K5] a refusal is rejected, an unknown outcome is unknown', async () => {
  const world = bench();
  world.online = true;
  const outcomes = [world.queue.publish(publish(1)), world.queue.publish(publish(2))];
  world.queue.answer(1, refusal(1, 'forbidden'));
  world.queue.answer(2, refusal(2, 'unknown_outcome'));
  assert.deepEqual((await Promise.all(outcomes)).map(kindOf), [
    'rejected forbidden',
    'unknown unknown_outcome',
  ]);
});

test('[K5] what a draining gateway refuses goes to the next one', async () => {
  const world = bench();
  world.online = true;
  const outcome = world.queue.publish(publish(1));
  world.queue.answer(1, refusal(1, 'draining'));
  world.queue.flush();
  world.queue.answer(1, ack(1));
  assert.deepEqual(world.sent, ['m1', 'm1']);
  assert.equal(kindOf(await outcome), 'acked');
});

test('[K6] a full queue rejects the new one', async () => {
  const byCount = bench({ messagesMax: 1 });
  void byCount.queue.publish(publish(1));
  assert.equal(kindOf(await byCount.queue.publish(publish(2))), 'rejected queue_full');
  const byBytes = bench({ bytesMax: 15 });
  void byBytes.queue.publish(publish(1));
  assert.equal(kindOf(await byBytes.queue.publish(publish(2))), 'rejected queue_full');
});

test('[K6] drop-oldest gives up the oldest that was never sent', async () => {
  const world = bench({ messagesMax: 2, whenFull: 'drop-oldest' });
  world.online = true;
  void world.queue.publish(publish(1));
  world.online = false;
  const second = world.queue.publish(publish(2));
  void world.queue.publish(publish(3));
  assert.equal(kindOf(await second), 'rejected queue_full');
  assert.equal(world.queue.size, 2);
});

test('[K6] what waits too long is given up, and its own timeout may be shorter', async () => {
  const world = bench({ ageMaxMs: 60_000 });
  const patient = world.queue.publish(publish(1));
  const hasty = world.queue.publish(publish(2, { timeoutMs: 1_000 }));
  world.clock.advance(1_000);
  assert.equal(kindOf(await hasty), 'rejected expired');
  world.clock.advance(59_000);
  assert.equal(kindOf(await patient), 'rejected expired');
});

test('[K12] close settles everything: what was sent as unknown', async () => {
  const world = bench();
  world.online = true;
  const sent = world.queue.publish(publish(1));
  world.online = false;
  const waiting = world.queue.publish(publish(2));
  world.queue.close();
  assert.deepEqual([kindOf(await sent), kindOf(await waiting)], ['unknown closed', 'rejected closed']);
  assert.equal(world.clock.timers, 0);
});
