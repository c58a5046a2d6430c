import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { codeOf } from './code-of.ts';
import { freshRun, restOf, takeUp, writeRun } from './recorded-run.ts';
import { NOTHING } from './tally.ts';

const ASKED = { from: 1_000, count: 500 };

/** A run of which 150 seeds are done, and the file that tells of it. */
function interrupted(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'kittiwake-run-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'run.json');
  const tally = { ...NOTHING, seeds: 150, counts: new Map([['deliveries', 12]]) };
  const run = { ...freshRun(ASKED, 'abc'), tally, elapsedMs: 2_000 };
  writeRun(file, run);
  return { file, run, folder };
}

test('[I7] a run that was interrupted goes on where it stopped, and counts its sittings', t => {
  const { file, run } = interrupted(t);
  const taken = takeUp(file, ASKED, 'abc');
  assert.deepEqual(taken, { ok: true, value: { ...run, sittings: 2 } });
  assert.deepEqual(restOf(run), { from: 1_150, count: 350 });
});

test('[I7] a run of other code, or of other seeds, is not taken up', t => {
  const { file } = interrupted(t);
  assert.equal(takeUp(file, ASKED, 'abd').ok, false);
  assert.equal(takeUp(file, { ...ASKED, from: 1 }, 'abc').ok, false);
  assert.equal(takeUp(file, { ...ASKED, count: 501 }, 'abc').ok, false);
});

test('[I7] a run of which nothing is written begins', t => {
  const { folder } = interrupted(t);
  const begun = takeUp(join(folder, 'none.json'), ASKED, 'abc');
  assert.equal(begun.ok && begun.value.tally.seeds, 0);
});

test('[I7] the code that is simulated has one name until it changes', () => {
  assert.match(codeOf(), /^[0-9a-f]{64}$/);
  assert.equal(codeOf(), codeOf());
});
