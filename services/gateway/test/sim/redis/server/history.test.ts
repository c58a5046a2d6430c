import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HINCRBY } from '../keyspace/hash-commands.ts';
import { Keyspace } from '../keyspace/keyspace.ts';
import {
  continuesFrom,
  History,
  moveData,
  offsetOf,
  type Point,
  pointBefore,
  spansOff,
  stands,
} from './history.ts';

/** A history of units that each count one field on, one in a second. */
function grown(leader: string, units: number, origin?: Point): History {
  const history = new History({
    replid: leader,
    leader,
    continues: true,
    ...(origin !== undefined && { origin }),
  });
  for (let n = 0; n < units; n += 1) history.append([HINCRBY, ['hash', leader, '1'], 0], 1_000 * (n + 1));
  return history;
}

const first = grown('a', 5);
const second = grown('b', 3, { history: first, index: 3 });
const third = grown('c', 0, second.head);
const other = grown('d', 2);

test('[Y1] data is what the way to a point tells, wherever it was before', () => {
  const data = new Keyspace();
  const counted = (): Record<string, string> => Object.fromEntries(data.hash('hash') ?? []);
  moveData(data, { history: first, index: 0 }, { history: first, index: 2 });
  assert.deepEqual(counted(), { a: '2' });
  moveData(data, { history: first, index: 2 }, third.head);
  assert.deepEqual(counted(), { a: '3', b: '3' });
  moveData(data, third.head, first.head);
  assert.deepEqual(counted(), { a: '5' });
  moveData(data, first.head, other.head);
  assert.deepEqual(counted(), { d: '2' });
});

test('[Y1] a replica goes on in the history that it follows, or that its own became, up to where they part', () => {
  assert.equal(continuesFrom(second, { history: second, index: 1 }), true);
  assert.equal(continuesFrom(second, { history: first, index: 3 }), true);
  assert.equal(continuesFrom(second, { history: first, index: 4 }), false);
  assert.equal(
    continuesFrom(third, { history: first, index: 1 }),
    false,
    'a primary knows one former history only',
  );
  assert.equal(continuesFrom(other, first.head), false);
});

test('[Y1] what one point has and another has not is told, through empty histories as well', () => {
  assert.deepEqual(spansOff(first.head, second.head), [{ history: first, from: 3, to: 5 }]);
  assert.deepEqual(spansOff({ history: first, index: 2 }, third.head), []);
  assert.deepEqual(spansOff(third.head, other.head), [
    { history: first, from: 0, to: 3 },
    { history: second, from: 0, to: 3 },
  ]);
  assert.deepEqual(
    [stands(third.head, { history: first, index: 2 }), stands(third.head, { history: first, index: 3 })],
    [true, false],
  );
});

test('[Y1] offsets count from the very first unit, and a file ends where it was synced', () => {
  assert.deepEqual([offsetOf(first.head), offsetOf(third.head)], [5, 6]);
  assert.deepEqual(pointBefore(first.head, 2_500), { history: first, index: 2 });
  assert.deepEqual(pointBefore(third.head, 0), { history: first, index: 0 });
});
