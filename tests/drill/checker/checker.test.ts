import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  checkerOf,
  close,
  foundIn,
  logOf,
  published,
  run,
  seen,
  trimmed,
  truncated,
  unknown,
} from './test-drill.ts';

const A10 = logOf(10, { A: 1 });
/** The log after a failover that lost offsets 7–10: publishes 21 and 22 stand at 7 and 8. */
const AB = logOf(8, { A: 1, B: 7 }, [1, 2, 3, 4, 5, 6, 21, 22]);
const ACKED = [...'123456'].map(Number).map(id => published(id, ['A', id]));
const REPLICATED = { outcome: 'replicated', asked: 'replicated' } as const;

test('[C5] everything in order and nothing lost: nothing is found', () => {
  const lines = [run('w', 'A', [1, 4]), run('w', 'A', [5, 10]), seen('A', 1, [1, 2, 3]), ...ACKED];
  const verdict = close(checkerOf('w'), lines, A10);
  assert.deepEqual(foundIn(verdict), {});
  assert.equal(verdict.published.primary, 6);
});

test('[C5] an offset that is handed over twice is a duplicate', () => {
  const verdict = close(checkerOf('w'), [run('w', 'A', [1, 10]), run('w', 'A', [9, 10])], A10);
  assert.deepEqual(foundIn(verdict), { duplicate: 2 });
});

test('[C5] an offset of another history that comes unannounced is out of order', () => {
  const verdict = close(checkerOf('w'), [run('w', 'A', [1, 8]), run('w', 'B', [7, 8])], AB);
  assert.deepEqual(foundIn(verdict), { reordering: 2 });
});

test('[C5] an offset that does not follow is a hole', () => {
  const verdict = close(checkerOf('w'), [run('w', 'A', [1, 3]), run('w', 'A', [6, 10])], A10);
  assert.deepEqual(foundIn(verdict), { hole: 2 });
});

test('[C3] a loss that is told at its first offset is signalled', () => {
  const lines = [run('w', 'A', [1, 10]), truncated('w', 7, 10), run('w', 'B', [7, 8])];
  const verdict = close(checkerOf('w'), lines, AB);
  assert.deepEqual([foundIn(verdict), verdict.signalled], [{}, 1]);
});

for (const [what, from, to] of [
  ['too early', 6, 10],
  ['too late', 8, 10],
  ['up to another offset than the client held', 7, 12],
] as const) {
  test(`[C3] a loss that is told ${what} has a wrong offset`, () => {
    const rest = from < 7 ? [run('w', 'A', [from, 6]), run('w', 'B', [7, 8])] : [run('w', 'B', [from, 8])];
    const verdict = close(checkerOf('w'), [run('w', 'A', [1, 10]), truncated('w', from, to), ...rest], AB);
    assert.equal(foundIn(verdict)['wrong-offset'], 1);
  });
}

test('[C3] a client that lost something and was told nothing lost it silently', () => {
  const checker = checkerOf('w');
  const verdict = close(checker, [run('w', 'A', [1, 9])], AB);
  assert.deepEqual(foundIn(verdict), { 'silent-loss': 3 });
  assert.deepEqual(foundIn(close(checker, [run('w', 'B', [10, 10])], logOf(10, { A: 1, B: 7 }))), {}, 'once');
});

test('[C3] a change of history without a loss is a false resync', () => {
  const lines = [run('w', 'A', [1, 10]), truncated('w', 11, 10), unknown('v', 1, 10)];
  assert.deepEqual(foundIn(close(checkerOf('w', 'v'), lines, A10)), { 'false-resync': 2 });
});

test('[C10] a loss that is told as unknown is told without its offset', () => {
  const verdict = close(checkerOf('w'), [run('w', 'A', [1, 10]), unknown('w', 11, 8)], AB);
  assert.deepEqual([foundIn(verdict), verdict.signalled], [{ 'without-offset': 1 }, 0]);
});

test('[C3] what a drill keeps is never trimmed', () => {
  const lines = [run('w', 'A', [1, 3]), trimmed('w', 4, 5), run('w', 'A', [6, 10])];
  assert.deepEqual(foundIn(close(checkerOf('w'), lines, A10)), { trimmed: 1 });
});

test('[C2] a client that lacks the end of the log is behind', () => {
  assert.deepEqual(foundIn(close(checkerOf('w'), [run('w', 'A', [1, 8])], A10)), { behind: 2 });
});

test('[P2] an acknowledgement at level replicated that is gone is lost, and untold where nobody held it', () => {
  const verdict = close(
    checkerOf('w'),
    [run('w', 'A', [1, 6]), published(9, ['A', 9], REPLICATED)],
    logOf(6, { A: 1 }),
  );
  assert.deepEqual(foundIn(verdict), { 'lost-replicated': 1, 'untold-loss': 1 });
});

test('[P2] a loss at level primary that a client was told of keeps every promise', () => {
  const lines = [
    run('w', 'A', [1, 10]),
    truncated('w', 7, 10),
    run('w', 'B', [7, 8]),
    published(9, ['A', 9]),
  ];
  assert.deepEqual(foundIn(close(checkerOf('w'), lines, AB)), { 'lost-primary': 1 });
});

test('[P2] what one round had and a later one has not is lost as well', () => {
  const checker = checkerOf();
  close(checker, [published(8, ['A', 8], REPLICATED)], A10);
  assert.deepEqual(foundIn(close(checker, [], AB)), { 'lost-replicated': 1, 'untold-loss': 1 });
});

test('[P4] a refusal that was stored, and an outcome that stayed unknown', () => {
  const refused = published(3, ['A', 3], { outcome: 'rejected', failure: 'broker_unavailable' });
  const open = published(4, ['A', 4], { outcome: 'unknown', failure: 'timeout', attempts: 9 });
  const repeated = { ...refused, id: 5, attempts: 2 };
  const verdict = close(checkerOf(), [refused, open, repeated], A10);
  assert.deepEqual(foundIn(verdict), { 'rejected-yet-stored': 1, unsettled: 1 });
});

test('[P3] one publish at two offsets was stored twice', () => {
  assert.deepEqual(foundIn(close(checkerOf(), [], logOf(3, { A: 1 }, [1, 2, 1]))), { 'stored-twice': 1 });
});

test('[P2] an acknowledged position where something else stands is misplaced', () => {
  assert.deepEqual(foundIn(close(checkerOf(), [published(3, ['A', 5])], A10)), { 'misplaced-ack': 1 });
});

test('[C5] data that is not that of the log, or of another client', () => {
  const other = {
    type: 'other',
    client: 'w',
    channel: 'drill:1',
    position: { epoch: 'A', offset: 2 },
    id: 9,
    first: 2,
  } as const;
  const verdict = close(checkerOf('w'), [run('w', 'A', [1, 10]), other, seen('A', 1, [1, 2, 4])], A10);
  assert.deepEqual(foundIn(verdict), { 'other-data': 2 });
});

test('[C5] what was not read is not taken for checked', () => {
  const partial = { ...A10, firstKept: 6, ids: A10.ids.slice(5) };
  assert.deepEqual(foundIn(close(checkerOf(), [seen('A', 5, [5, 6])], partial)), { unchecked: 1 });
});

test('[B6] the longest time without an acknowledgement is counted from the last one before the fault', () => {
  const at = (settledMs: number) => published(settledMs, ['A', 1], { outcome: 'primary', settledMs });
  const verdict = close(checkerOf(), [at(100), at(900), at(2_500), at(2_600)], logOf(0, {}));
  assert.equal(verdict.silentMs, 1_600);
});

test('[B6] a silence that does not end lasts until the end', () => {
  const verdict = close(checkerOf(), [published(1, ['A', 1], { settledMs: 900 })], A10);
  assert.equal(verdict.silentMs, 8_100);
});

test('[K17] what the SDK was to publish again and the log has not', () => {
  const channel = 'drill:republish:1';
  const log = { ...logOf(3, { A: 1 }), channel };
  const lines = [published(9, ['A', 9], { channel }), published(2, ['A', 2], { channel })];
  const verdict = close(checkerOf(), lines, log);
  assert.deepEqual(foundIn(verdict), { 'lost-primary': 1, 'untold-loss': 1, 'not-republished': 1 });
});

test('[C11] a loss of what was shown, where nothing is to be shown before a replica holds it', () => {
  const channel = 'drill:safe:1';
  const checker = checkerOf();
  checker.take({ type: 'begun', client: 'w', channel, offset: 0 });
  const lines = [run('w', 'A', [1, 10]), truncated('w', 7, 10), run('w', 'B', [7, 8])];
  const verdict = close(
    checker,
    lines.map(line => ({ ...line, channel })),
    { ...AB, channel },
  );
  assert.deepEqual([foundIn(verdict), verdict.signalled], [{ 'shown-too-soon': 1 }, 0]);
});

test('[K17] a loss that nobody saw is told where the client that published is told', () => {
  const lost = { type: 'lost', client: 'p', channel: 'drill:1', from: 9, to: 9 } as const;
  const lines = [published(9, ['A', 9]), published(10, ['A', 10]), lost];
  const verdict = close(checkerOf(), lines, logOf(6, { A: 1 }));
  assert.deepEqual(foundIn(verdict), { 'lost-primary': 2, 'untold-loss': 1 });
});
