import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type Ack,
  type ChannelName,
  ERROR_KINDS,
  type ErrorKind,
  type ErrorMessage,
  type EventName,
  type Publish,
} from '@kittiwake/protocol';
import { createFakeClock, createSeededRandom, type FakeClock } from '@kittiwake/testkit';
import { refSource } from '../ref-source.ts';
import type { KeyedPublish } from './encode-publish.ts';
import type { Lost, Settled } from './publish-events.ts';
import type { PublishOutcome } from './publish-outcome.ts';
import { Publisher } from './publisher.ts';
import type { PublisherDeps, PublisherHandler } from './publisher-port.ts';
import { QUEUE_BOUNDS, type QueueBounds } from './queue-bounds.ts';

const CHANNEL = 'chat:1' as ChannelName;

type Bench = {
  readonly clock: FakeClock;
  readonly publisher: Publisher;
  /** Keys of what was sent. */
  readonly sent: (string | undefined)[];
  readonly settled: Settled[];
  /** Publishes `k1`, `k2`, …, which get the refs 1, 2, …; each takes 10 bytes. */
  publish(number: number, timeoutMs?: number): Promise<PublishOutcome>;
  online: boolean;
};

const DEAF: PublisherHandler = { settled: () => {}, lost: () => {}, fenced: () => {}, storeFailed: () => {} };

const message = (number: number): KeyedPublish => ({
  type: 'publish',
  channel: CHANNEL,
  event: 'test:event:happened' as EventName,
  data: number,
  key: `k${number}`,
});

function bench(bounds: Partial<QueueBounds> = {}, deps: Partial<PublisherDeps> = {}): Bench {
  const clock = createFakeClock();
  const sent: (string | undefined)[] = [];
  const settled: Settled[] = [];
  const messages = new Map<string, Publish>();
  const made = { clock, sent, settled, online: false };
  const publisher = new Publisher({
    clock,
    random: createSeededRandom(1),
    wire: {
      encode: message => {
        const name = `m${messages.size}`.padEnd(10);
        messages.set(name, message as Publish);
        return name;
      },
    },
    nextRef: refSource(),
    bounds: { ...QUEUE_BOUNDS, ...bounds },
    ackTimeoutMs: 5_000,
    store: undefined,
    ready: () => made.online,
    send: data => sent.push(messages.get(data as string)?.key) > 0,
    seen: () => undefined,
    bytesMax: () => 1_000,
    handler: { ...DEAF, settled: event => void settled.push(event) },
    ...deps,
  });
  return Object.assign(made, {
    publisher,
    publish: (number: number, timeoutMs?: number) => publisher.publish(message(number), { timeoutMs }),
  });
}

const ack = (ref: number): Ack => ({ type: 'ack', ref, channel: CHANNEL, level: 'primary' });
const refusal = (ref: number, kind: ErrorKind): ErrorMessage => ({
  type: 'error',
  ref,
  kind,
  message: '',
  retry: ERROR_KINDS[kind].retry,
});
const kindOf = (outcome: PublishOutcome): string =>
  'failure' in outcome ? `${outcome.outcome} ${outcome.failure.kind}` : outcome.outcome;

test('[K6] what is published offline waits, and is sent in order', async () => {
  const world = bench();
  const outcomes = [world.publish(1), world.publish(2)];
  assert.deepEqual(world.sent, []);
  world.online = true;
  world.publisher.flush();
  assert.deepEqual(world.sent, ['k1']);
  world.publisher.answer(1, ack(1));
  assert.deepEqual(world.sent, ['k1', 'k2']);
  world.publisher.answer(2, ack(2));
  assert.deepEqual((await Promise.all(outcomes)).map(kindOf), ['acked', 'acked']);
  assert.deepEqual(
    [world.publisher.queued.messages, world.publisher.queued.bytes, world.clock.timers],
    [0, 0, 0],
  );
});

test('[K5] what was not answered is sent again, the same bytes', () => {
  const world = bench();
  world.online = true;
  void world.publish(1);
  world.publisher.lost();
  world.publisher.flush();
  assert.deepEqual(world.sent, ['k1', 'k1']);
});

test('[K5] no acknowledgement in time is unknown', async () => {
  const world = bench();
  world.online = true;
  const outcome = world.publish(1);
  world.clock.advance(5_000);
  assert.equal(kindOf(await outcome), 'unknown timeout');
  assert.equal(world.publisher.answer(1, ack(1)), false);
});

test('[K5] a refusal of a repetition says nothing about the first sending', async () => {
  const world = bench();
  world.online = true;
  const outcome = world.publish(1);
  world.publisher.lost();
  world.publisher.flush();
  world.publisher.answer(1, refusal(1, 'forbidden'));
  assert.equal(kindOf(await outcome), 'unknown forbidden');
});

test('[K5] a refusal is rejected, an unknown outcome is unknown', async () => {
  const world = bench();
  world.online = true;
  const outcomes = [world.publish(1), world.publish(2)];
  world.publisher.answer(1, refusal(1, 'forbidden'));
  world.publisher.answer(2, refusal(2, 'unknown_outcome'));
  assert.deepEqual((await Promise.all(outcomes)).map(kindOf), [
    'rejected forbidden',
    'unknown unknown_outcome',
  ]);
});

test('[K5] what a draining gateway refuses goes to the next one', async () => {
  const world = bench();
  world.online = true;
  const outcome = world.publish(1);
  world.publisher.answer(1, refusal(1, 'draining'));
  world.publisher.flush();
  assert.deepEqual(world.sent, ['k1']);
  world.publisher.lost();
  world.publisher.flush();
  world.publisher.answer(1, ack(1));
  assert.deepEqual(world.sent, ['k1', 'k1']);
  assert.equal(kindOf(await outcome), 'acked');
});

test('[K6] a full queue rejects the new one', async () => {
  const byCount = bench({ messagesMax: 1 });
  void byCount.publish(1);
  assert.equal(kindOf(await byCount.publish(2)), 'rejected queue_full');
  const byBytes = bench({ bytesMax: 15 });
  void byBytes.publish(1);
  assert.equal(kindOf(await byBytes.publish(2)), 'rejected queue_full');
});

test('[K6] drop-oldest gives up the oldest that was never sent', async () => {
  const world = bench({ messagesMax: 2, whenFull: 'drop-oldest' });
  world.online = true;
  void world.publish(1);
  world.online = false;
  const second = world.publish(2);
  void world.publish(3);
  assert.equal(kindOf(await second), 'rejected queue_full');
  assert.equal(world.publisher.queued.messages, 2);
});

test('[K6] what waits too long is given up, and its own timeout may be shorter', async () => {
  const world = bench({ ageMaxMs: 60_000 });
  const patient = world.publish(1);
  const hasty = world.publish(2, 1_000);
  world.clock.advance(1_000);
  assert.equal(kindOf(await hasty), 'rejected expired');
  world.clock.advance(59_000);
  assert.equal(kindOf(await patient), 'rejected expired');
});

test('[K12] close settles everything: what was sent as unknown', async () => {
  const world = bench();
  world.online = true;
  const sent = world.publish(1);
  world.online = false;
  const waiting = world.publish(2);
  world.publisher.close();
  assert.deepEqual([kindOf(await sent), kindOf(await waiting)], ['unknown closed', 'rejected closed']);
  assert.equal(world.clock.timers, 0);
});

test('[K17] what is acknowledged again where it was lost is told, and not published for ever', () => {
  const lost: Lost[] = [];
  const { publisher, sent } = bench(
    {},
    {
      ready: () => true,
      seen: () => ({ position: { offset: 2, epoch: 'b' }, chain: [{ epoch: 'b', start: 1 }] }),
      handler: { ...DEAF, lost: (_, event) => void lost.push(event) },
    },
  );
  void publisher.publish(message(1), { timeoutMs: undefined, republish: true });
  const again = { ...ack(1), position: { offset: 2, epoch: 'a' }, duplicate: true };
  publisher.answer(1, again);
  assert.deepEqual([sent, lost], [['k1', 'k1'], []]);
  publisher.answer(1, again);
  assert.deepEqual([sent, lost], [['k1', 'k1'], [{ reason: 'truncated', from: 2, to: 2 }]]);
});
