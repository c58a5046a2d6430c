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
  lane.heard(50);
  const read = parseRecord(laneRecord(lane, 70));
  const over = [{ from: 2, to: 2 }];
  assert.deepEqual(read, {
    kind: 'lane',
    channel: CHANNEL,
    producer: PRODUCER,
    last: 2,
    tail: 1,
    over,
    heardAtMs: 50,
    atMs: 70,
  });
});

test('[K14] records of a version that gave numbers without gaps are read as it meant them', () => {
  const lane = parseRecord(
    recordOf({ kind: 'lane', channel: CHANNEL, producer: PRODUCER, last: 7, atMs: 1 }),
  );
  assert.deepEqual(lane?.kind === 'lane' && [lane.last, lane.tail, lane.over, lane.heardAtMs], [7, 7, [], 0]);
  const publish = { kind: 'publish', message: MESSAGE, order: 1, atMs: 1, producer: PRODUCER, sequence: 7 };
  const read = parseRecord(recordOf(publish));
  assert.deepEqual(read?.kind === 'publish' && read.number, { sequence: 7, follows: 6 });
});

for (const [what, fields] of Object.entries({
  'a last number that is none': { last: -1 },
  'a tail that is none': { tail: 'x' },
  'ranges that are no list': { over: {} },
  'a time that is none': { heardAtMs: '1' },
}))
  test(`[K14] a lane with ${what} is damaged`, () => {
    const lane = { kind: 'lane', channel: CHANNEL, producer: PRODUCER, last: 7, atMs: 1 };
    assert.equal(parseRecord(recordOf({ ...lane, ...fields })), undefined);
  });

for (const [what, sequence, heardAtMs] of [
  ['is settled counts as heard of when it was numbered', 6, 900],
  ['is left as well says nothing', 7, 300],
] as const)
  test(`[K16] the last number of a lane that ${what}`, () => {
    const lane = { kind: 'lane', channel: CHANNEL, producer: PRODUCER, last: 7, heardAtMs: 300, atMs: 900 };
    const publish = { kind: 'publish', message: MESSAGE, order: 1, atMs: 1, producer: PRODUCER, sequence };
    const { lanes } = leftBehind({ records: [recordOf(lane), recordOf(publish)], damaged: 0 });
    assert.deepEqual(
      lanes.map(left => left.heardAtMs),
      [heardAtMs],
    );
  });
