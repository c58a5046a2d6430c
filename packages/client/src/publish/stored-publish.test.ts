import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ChannelName } from '@kittiwake/protocol';
import { Lane } from './lane.ts';
import { leftBehind } from './left-behind.ts';
import { laneRecord, parseRecord } from './stored-publish.ts';

const CHANNEL = 'meters:7' as ChannelName;
const PRODUCER = { id: 'meter-7', epoch: 1 };
const MESSAGE = { type: 'publish', channel: CHANNEL, event: 'meters:reading:add', data: null, key: 'k-1' };

function recordOf(fields: object): { readonly id: string; readonly text: string } {
  return { id: 'any', text: JSON.stringify(fields) };
}

test('[K14] a lane is read as it was written', () => {
  const lane = new Lane(CHANNEL, PRODUCER);
  lane.next();
  lane.skip(lane.next());
  lane.heard(1, 50);
  const read = parseRecord(laneRecord(lane, 70));
  const over = [{ from: 2, to: 2 }];
  assert.deepEqual(read, {
    kind: 'lane',
    channel: CHANNEL,
    producer: PRODUCER,
    last: 2,
    tail: 1,
    over,
    heard: 1,
    heardAtMs: 50,
    atMs: 70,
  });
});

test('[K14] records of a version that gave numbers without gaps are read as it meant them', () => {
  const lane = parseRecord(
    recordOf({ kind: 'lane', channel: CHANNEL, producer: PRODUCER, last: 7, atMs: 1 }),
  );
  assert.deepEqual(lane?.kind === 'lane' && [lane.last, lane.tail, lane.over, lane.heard, lane.heardAtMs], [
    7,
    7,
    [],
    0,
    0,
  ]);
  const publish = { kind: 'publish', message: MESSAGE, order: 1, atMs: 1, producer: PRODUCER, sequence: 7 };
  const read = parseRecord(recordOf(publish));
  assert.deepEqual(read?.kind === 'publish' && read.number, { sequence: 7, follows: 6 });
});

for (const [what, fields] of Object.entries({
  'a last number that is none': { last: -1 },
  'a tail that is none': { tail: 'x' },
  'ranges that are no list': { over: {} },
  'a number heard of that is none': { heard: 0.5 },
  'a time that is none': { heardAtMs: '1' },
}))
  test(`[K14] a lane with ${what} is damaged`, () => {
    const lane = { kind: 'lane', channel: CHANNEL, producer: PRODUCER, last: 7, atMs: 1 };
    assert.equal(parseRecord(recordOf({ ...lane, ...fields })), undefined);
  });

/** What the next life takes a lane to have heard, where publishes with these numbers are left. */
function heardAtMsOf(lane: object, left: readonly number[]): number | undefined {
  const publishes = left.map(sequence =>
    recordOf({ kind: 'publish', message: MESSAGE, order: 1, atMs: 1, producer: PRODUCER, sequence }),
  );
  const record = recordOf({
    kind: 'lane',
    channel: CHANNEL,
    producer: PRODUCER,
    last: 7,
    atMs: 900,
    ...lane,
  });
  return leftBehind({ records: [record, ...publishes], damaged: 0 }).lanes[0]?.heardAtMs;
}

for (const [what, lane, left, heardAtMs] of [
  ['all of which are left has heard what its record says', { heard: 5, heardAtMs: 300 }, [6, 7], 300],
  ['that had heard nothing, and all of which are left, has heard nothing', {}, [1, 2, 3, 4, 5, 6, 7], 0],
  ['the last of which is settled has heard of it', { heard: 6, heardAtMs: 300 }, [], 900],
  ['some of which are settled has heard of them', {}, [3, 4, 5, 6, 7], 900],
  [
    'some of which are settled, and others over, has heard',
    { over: [{ from: 1, to: 2 }] },
    [4, 5, 6, 7],
    900,
  ],
  ['all of which are left, or over, has heard nothing', { over: [{ from: 1, to: 3 }] }, [4, 5, 6, 7], 0],
  ['of a version that does not say what it heard of, and its last is left', { heardAtMs: 300 }, [7], 300],
  ['of a version that does not say what it heard of, and its last is settled', { heardAtMs: 300 }, [6], 900],
] as const)
  test(`[K16] a lane ${what}`, () => {
    assert.equal(heardAtMsOf(lane, left), heardAtMs);
  });
