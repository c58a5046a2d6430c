import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Ack, ChannelName, ErrorMessage, EventName, Publish, Ref } from '@kittiwake/protocol';
import { createFakeClock, createSeededRandom, type FakeClock } from '@kittiwake/testkit';
import { refSource } from '../ref-source.ts';
import type { KeyedPublish } from './encode-publish.ts';
import type { Lost } from './publish-events.ts';
import { Publisher } from './publisher.ts';
import { QUEUE_BOUNDS } from './queue-bounds.ts';

const CHANNEL = 'chat:1' as ChannelName;
const PRODUCER = { id: 'meter-7', epoch: 1 };
const WINDOW = 8;

type Bench = {
  readonly clock: FakeClock;
  readonly publisher: Publisher;
  /** Numbers of what was sent, each as `sequence>follows`. */
  readonly sent: string[];
  readonly lost: Lost[];
  readonly outcomes: string[];
};

/** A publisher that is connected, and has published so many with a number; their refs are 1, 2, …. */
function bench(publishes: number): Bench {
  const clock = createFakeClock();
  const made = { clock, sent: [] as string[], lost: [] as Lost[], outcomes: [] as string[] };
  const encoded = new Map<string, Publish>();
  const publisher = new Publisher({
    clock,
    random: createSeededRandom(1),
    wire: {
      encode(message) {
        encoded.set(`m${encoded.size}`, message as Publish);
        return `m${encoded.size - 1}`;
      },
    },
    nextRef: refSource(),
    bounds: QUEUE_BOUNDS,
    ackTimeoutMs: 5_000,
    store: undefined,
    ready: () => true,
    send(data) {
      const producer = encoded.get(data as string)?.producer;
      made.sent.push(`${producer?.sequence}>${producer?.follows}`);
      return true;
    },
    seen: () => undefined,
    bytesMax: () => 1_000,
    handler: {
      settled: () => {},
      lost: (_channel, lost) => void made.lost.push(lost),
      fenced: () => {},
      storeFailed: () => {},
    },
  });
  for (let number = 1; number <= publishes; number += 1)
    void publisher
      .publish(messageOf(number), { producer: PRODUCER })
      .then(({ outcome }) => made.outcomes.push(`${number} ${outcome}`));
  return { ...made, publisher };
}

function messageOf(number: number): KeyedPublish {
  const event = 'test:event:happened' as EventName;
  return { type: 'publish', channel: CHANNEL, event, data: number, key: `k${number}` };
}

const ack = (ref: number): Ack => ({
  type: 'ack',
  ref: ref as Ref,
  channel: CHANNEL,
  level: 'primary',
  position: { offset: ref, epoch: 'e1' },
});

const refusal = (ref: number, more: Omit<ErrorMessage, 'type' | 'ref' | 'message'>): ErrorMessage => ({
  type: 'error',
  ref: ref as Ref,
  message: '',
  ...more,
});

const gap = (ref: number, expectedSequence: number): ErrorMessage =>
  refusal(ref, { kind: 'sequence_gap', retry: 'never', expectedSequence, rememberedMs: 600_000 });

test('[K16] eight numbered publishes of a channel are unanswered at most, and each answer lets one more go', () => {
  const { publisher, sent } = bench(20);
  assert.equal(sent.length, WINDOW);
  publisher.answer(1 as Ref, ack(1));
  assert.deepEqual(sent.slice(WINDOW), ['9>8']);
});

test('[K6, K16] what is refused for a moment is sent again before what stood behind it', async () => {
  const { publisher, sent, clock } = bench(3);
  publisher.answer(1 as Ref, refusal(1, { kind: 'broker_unavailable', retry: 'backoff', retryAfterMs: 100 }));
  publisher.answer(2 as Ref, gap(2, 1));
  publisher.answer(3 as Ref, gap(3, 1));
  assert.deepEqual(sent.splice(0), ['1>0', '2>1', '3>2']);
  await clock.run(1_000);
  assert.deepEqual(sent.splice(0), ['1>0']);
  publisher.answer(1 as Ref, ack(1));
  publisher.answer(2 as Ref, ack(2));
  publisher.answer(3 as Ref, ack(3));
  assert.deepEqual(sent, ['2>1', '3>2']);
});

test('[K16] a gap that was found before the one ahead was stored takes nothing for lost', () => {
  const { publisher, sent, lost } = bench(2);
  publisher.answer(1 as Ref, ack(1));
  publisher.answer(2 as Ref, gap(2, 1));
  assert.deepEqual([sent, lost], [['1>0', '2>1', '2>1'], []]);
  // Nothing was acknowledged since: now it says how things are.
  publisher.answer(2 as Ref, gap(2, 1));
  assert.deepEqual([sent.at(-1), lost], ['2>0', [{ reason: 'sequence_gap', from: 1, to: 1 }]]);
});

test('[K16] what follows one that was refused for good follows what stands before that', async () => {
  const { publisher, sent, outcomes } = bench(2);
  publisher.answer(1 as Ref, refusal(1, { kind: 'forbidden', retry: 'never' }));
  publisher.answer(2 as Ref, gap(2, 1));
  assert.equal(sent.at(-1), '2>0');
  publisher.answer(2 as Ref, ack(2));
  await Promise.resolve();
  await Promise.resolve();
  assert.deepEqual(outcomes, ['1 rejected', '2 acked']);
});
