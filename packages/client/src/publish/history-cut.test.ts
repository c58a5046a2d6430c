import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ChannelName, EventName } from '@kittiwake/protocol';
import { createFakeClock } from '@kittiwake/testkit';
import { AckedMemory } from './acked-memory.ts';
import type { Entry } from './entry.ts';
import { historyCut } from './history-cut.ts';

const CHANNEL = 'chat:1' as ChannelName;
const BOUNDS = { messagesMax: 10, bytesMax: 1_000, ageMaxMs: 5_000 };

/** A publish that is acknowledged, and published again where it is lost. */
function entryOf(order: number): Entry {
  const event = 'test:event:happened' as EventName;
  return {
    ref: order,
    message: { type: 'publish', channel: CHANNEL, event, data: order, key: `k${order}` },
    lane: undefined,
    republish: true,
    data: '',
    bytes: 10,
    atMs: 0,
    order,
    patient: false,
    phase: 'sent',
    number: undefined,
    doubted: false,
    kept: false,
    waited: false,
    alone: false,
    acksBefore: 0,
    giveUpAtMs: 0,
    timer: undefined,
    tell: () => {},
    told: false,
    stoodAt: undefined,
  };
}

/** Three that were acknowledged at the offsets 4, 5 and 6 of history `a`, long ago or just now. */
function memoryOf(agoMs: number): AckedMemory {
  const clock = createFakeClock();
  const memory = new AckedMemory(clock, BOUNDS);
  for (const offset of [4, 5, 6]) memory.add(entryOf(offset), { offset, epoch: 'a' });
  clock.advance(agoMs);
  return memory;
}

/** A publication is seen behind an entry of `before`, of which nothing is held. */
const seen = (offset: number, epoch: string, { before = 'z', isLive = false } = {}) => {
  const follows = { position: { offset: offset - 1, epoch: before }, chain: [] };
  return { sight: 'publication', position: { offset, epoch }, follows, isLive } as const;
};

test('[K17] another entry where one was acknowledged has that one published again', () => {
  const memory = memoryOf(0);
  const { again, lost } = historyCut(memory, CHANNEL, seen(5, 'b'));
  assert.deepEqual([again.map(entry => entry.order), lost], [[5], undefined]);
});

test('[K17] where a history ends and another one goes on, what was acknowledged behind that is gone', () => {
  assert.deepEqual(
    historyCut(memoryOf(0), CHANNEL, seen(3, 'b', { before: 'a' })).again.map(entry => entry.order),
    [4, 5, 6],
  );
  const { lost } = historyCut(memoryOf(6_000), CHANNEL, seen(3, 'b', { before: 'a' }));
  assert.deepEqual(lost, { reason: 'truncated', from: 4, to: 6 });
  assert.deepEqual(historyCut(memoryOf(0), CHANNEL, seen(3, 'b')), { again: [] });
  assert.deepEqual(historyCut(memoryOf(0), CHANNEL, seen(3, 'a', { before: 'a' })), { again: [] });
});

test('[K17] where it is not held any more it is told, and all that was acknowledged after it', () => {
  const memory = memoryOf(6_000);
  assert.deepEqual(historyCut(memory, CHANNEL, seen(4, 'a')), { again: [] });
  const { again, lost } = historyCut(memory, CHANNEL, seen(5, 'b'));
  assert.deepEqual([again, lost], [[], { reason: 'truncated', from: 5, to: 6 }]);
  assert.deepEqual(historyCut(memory, CHANNEL, seen(6, 'b')), { again: [] });
});

test('[K17] of a publish that is not to be published again the place is known, and its loss is told once', () => {
  const memory = new AckedMemory(createFakeClock(), BOUNDS);
  for (const offset of [4, 6]) memory.note(CHANNEL, { offset, epoch: 'a' });
  assert.deepEqual(historyCut(memory, CHANNEL, seen(5, 'a')), { again: [] });
  const told = historyCut(memory, CHANNEL, seen(6, 'b'));
  assert.deepEqual(told, { again: [], lost: { reason: 'truncated', from: 6, to: 6 } });
  assert.deepEqual(historyCut(memory, CHANNEL, seen(6, 'b')), { again: [] });
});

test('[K17] what was acknowledged in the history that goes on is not told as lost with the one that was cut', () => {
  const memory = new AckedMemory(createFakeClock(), BOUNDS);
  memory.note(CHANNEL, { offset: 8, epoch: 'a' });
  memory.note(CHANNEL, { offset: 9, epoch: 'b' });
  const held = [{ epoch: 'a', start: 1 }];
  const told = historyCut(memory, CHANNEL, { sight: 'truncated', from: 7, held });
  assert.deepEqual(told, { again: [], lost: { reason: 'truncated', from: 8, to: 8 } });
  const unknown = historyCut(memory, CHANNEL, { sight: 'unknown', epoch: 'b' });
  assert.deepEqual(unknown, { again: [] });
});

test('[K17] a channel that ends before what was acknowledged long ago says that it may be lost, once', () => {
  const memory = memoryOf(10_000);
  const head = { sight: 'head', offset: 4 } as const;
  const lost = { reason: 'unknown', from: 5, to: 6 };
  assert.deepEqual(historyCut(memory, CHANNEL, head), { again: [], lost });
  assert.deepEqual(historyCut(memory, CHANNEL, head), { again: [] });
});

test('[K17] a gateway may not know yet of what was acknowledged a moment ago: nothing is told of it', () => {
  const memory = memoryOf(5_001);
  assert.deepEqual(historyCut(memory, CHANNEL, { sight: 'head', offset: 4 }), { again: [] });
});

test('[K17] a live publication of another history, before what was acknowledged long ago, says the same', () => {
  const memory = memoryOf(10_000);
  assert.deepEqual(historyCut(memory, CHANNEL, seen(2, 'b')), { again: [] }, 'a replay says nothing');
  assert.deepEqual(
    historyCut(memory, CHANNEL, seen(2, 'a', { before: 'a', isLive: true })),
    { again: [] },
    'nor does the own history',
  );
  const lost = { reason: 'unknown', from: 4, to: 6 };
  assert.deepEqual(historyCut(memory, CHANNEL, seen(2, 'b', { before: 'z', isLive: true })), {
    again: [],
    lost,
  });
});
