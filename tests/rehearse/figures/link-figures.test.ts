import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LinkLine } from '../../drill/checker/pulse-lines.ts';
import { connectsBySecond, mostPerClient, peakPerSecond, timesPerClient } from './link-figures.ts';
import { clientsOn, returnsOf } from './return-figures.ts';

const connected = (client: string, atMs: number, gateway = 'g1'): LinkLine => {
  return { type: 'link', client, atMs, what: 'connected', gateway };
};
const moved = (client: string, atMs: number, gateway = 'g2'): LinkLine => {
  return { type: 'link', client, atMs, what: 'moved', gateway };
};
const left = (client: string, atMs: number): LinkLine => {
  return { type: 'link', client, atMs, what: 'left', reason: 'drained' };
};

/** `a` moves twice, `b` is left without a connection and comes back, `c` stays. */
const LINKS = [
  connected('a', 0),
  connected('b', 100),
  connected('c', 999, 'g3'),
  moved('a', 5_000),
  left('b', 5_100),
  moved('a', 6_000, 'g3'),
  connected('b', 7_500, 'g2'),
];

test('[V3] connects and moves count in the second in which they were done, outages in none', () => {
  assert.deepEqual(
    [...connectsBySecond(LINKS)],
    [
      [0, 3],
      [5, 1],
      [6, 1],
      [7, 1],
    ],
  );
  assert.equal(peakPerSecond(LINKS), 3);
  assert.equal(peakPerSecond([]), 0);
});

test('[V3] a move is counted for the client that moved, an outage for the one that had it', () => {
  assert.equal(mostPerClient(LINKS, 'moved'), 2);
  assert.deepEqual([...timesPerClient(LINKS, 'left')], [['b', 1]]);
  assert.equal(mostPerClient([], 'left'), 0);
});

test('[V3] who is on a gateway is what each client wrote down last', () => {
  assert.deepEqual([...clientsOn(LINKS, new Set(['g1']), 4_000)], ['a', 'b']);
  assert.deepEqual([...clientsOn(LINKS, new Set(['g1']), 5_500)], []);
  assert.deepEqual([...clientsOn(LINKS.toReversed(), new Set(['g3']), 6_500)].toSorted(), ['a', 'c']);
});

test('[V3] a return is the first connection after the loss; who has none is missing', () => {
  const { afterMs, missing } = returnsOf(LINKS, new Set(['a', 'b', 'c']), 5_050);
  assert.deepEqual(afterMs, [950, 2_450]);
  assert.equal(missing, 1);
});
