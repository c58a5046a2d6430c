import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HistoryQuery } from './broker.ts';
import type { LogState } from './resume-plan.ts';
import { planShown } from './shown-plan.ts';

const A = 'A';
const B = 'B';

/** A wrote 1 to 54, B the rest up to 60; what is kept begins at 11. Nobody is shown what follows 49 unless said otherwise. */
const LOG: LogState = {
  chain: [
    { epoch: A, start: 1 },
    { epoch: B, start: 55 },
  ],
  head: { offset: 60, epoch: B },
  firstKept: 11,
  tailIsLive: true,
};

/** Outcome, what is owed as `from-to`, and the head that the reader is told. */
function read(
  query: Partial<HistoryQuery>,
  { log = LOG, shownTo = 49 }: { readonly log?: LogState; readonly shownTo?: number } = {},
): readonly string[] {
  const { plan, head } = planShown(log, shownTo, { limit: 100, ...query });
  const { resume, from, to } = plan;
  const outcome = resume.outcome === 'truncated' ? `truncated ${resume.divergedAt}` : resume.outcome;
  return [outcome, from > to ? 'nothing' : `${from}-${to}`, `${head.offset} ${head.epoch}`];
}

test('[C11] a log that hides nothing is read to its end', () => {
  const all = { shownTo: 60 };
  assert.deepEqual(read({}, all), ['fresh', '11-60', '60 B']);
  assert.deepEqual(read({ since: { offset: 49, epoch: A } }, all), ['recovered', '50-60', '60 B']);
});

test('[C11] what is hidden does not exist for who reads the newest', () => {
  assert.deepEqual(read({}), ['fresh', '11-49', '49 A']);
  assert.deepEqual(read({ limit: 5 }), ['fresh', '45-49', '49 A']);
  assert.deepEqual(read({ limit: 0 }), ['fresh', 'nothing', '49 A']);
  assert.deepEqual(read({}, { shownTo: 0 }), ['fresh', 'nothing', '0 B']);
});

test('[C11] a resume is owed what is shown, and no more', () => {
  assert.deepEqual(read({ since: { offset: 40, epoch: A } }), ['recovered', '41-49', '49 A']);
  assert.deepEqual(read({ since: { offset: 40, epoch: A }, limit: 4 }), ['recovered', '41-44', '49 A']);
  assert.deepEqual(read({ since: { offset: 49, epoch: A } }), ['recovered', 'nothing', '49 A']);
  assert.deepEqual(read({ since: { offset: 5, epoch: A } }), ['trimmed', '11-49', '49 A']);
});

test('[C11] who holds what is hidden again is told to drop nothing of it, and is not owed it again', () => {
  assert.deepEqual(read({ since: { offset: 52, epoch: A } }), ['recovered', 'nothing', '52 A']);
  assert.deepEqual(read({ since: { offset: 60, epoch: B } }), ['recovered', 'nothing', '60 B']);
});

test('[C11] a reader that holds something else beyond what is shown drops that, and nothing before it', () => {
  assert.deepEqual(read({ since: { offset: 58, epoch: A } }), ['truncated 55', 'nothing', '54 A']);
  const chain = [
    { epoch: A, start: 1 },
    { epoch: 'X', start: 53 },
  ];
  assert.deepEqual(read({ since: { offset: 70, epoch: 'X' }, chain }), ['truncated 53', 'nothing', '52 A']);
});

test('[C11] a reader of another history learns no more than what is shown', () => {
  assert.deepEqual(read({ since: { offset: 3, epoch: 'X' } }), ['unknown', 'nothing', '49 A']);
  assert.deepEqual(read({ since: { offset: 99, epoch: B } }), ['unknown', 'nothing', '49 A']);
});

test('[C11] what left the history before it was shown is not told before its time', () => {
  const log = { ...LOG, firstKept: 57 };
  assert.deepEqual(read({}, { log }), ['fresh', 'nothing', '49 A']);
  assert.deepEqual(read({ since: { offset: 49, epoch: A } }, { log }), ['recovered', 'nothing', '49 A']);
  assert.deepEqual(read({ since: { offset: 40, epoch: A } }, { log }), ['trimmed', 'nothing', '49 A']);
});
