import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { before, suite, test } from 'node:test';
import { skipWithoutRedis } from '@kittiwake/testkit';
import type { RoundVerdict } from './checker/checker.ts';
import { type Drilled, runDrill } from './drill.ts';
import { parseDrill } from './drill-options.ts';
import { sumUp, worstFindings } from './report/drill-result.ts';
import { figuresOf, isKept } from './report/promises.ts';
import { roundLine } from './report/round-line.ts';

const ARGS = ['--kind', 'each', '--quick', '--clients', '60', '--rate', '200'];
const CLIENTS = 60;
const SILENT_MAX_MS = 10_000;

/** One short drill of each kind on one tier; for figures there is `npm run drill`. */
suite('drills', { skip: skipWithoutRedis(), timeout: 170_000 }, () => {
  let drilled: Drilled = { verdicts: [], folder: '' };
  before(async () => {
    const request = parseDrill(ARGS);
    assert.ok(request.ok && request.value.do === 'run');
    drilled = await runDrill(request.value.options, () => {});
  });
  const roundOf = (kind: string, t: { diagnostic(message: string): void }): RoundVerdict => {
    const verdict = drilled.verdicts.find(({ line }) => line.kind === kind);
    assert.ok(verdict !== undefined);
    t.diagnostic(roundLine(verdict));
    assert.deepEqual(worstFindings([verdict], 10), []);
    assert.ok(verdict.deliveries > 1_000, 'it was under load');
    return verdict;
  };

  test('[C2][C5] kill -9 of gateways: no loss, no duplicate, nothing out of order', t => {
    const { catchUpsMs } = roundOf('gateways', t);
    assert.ok(catchUpsMs.length >= CLIENTS, 'their clients came back');
  });

  test('[B3][C6] kill -9 of the primary: nothing replicated is lost, nobody is told without need', t => {
    roundOf('crash', t);
  });

  test('[C3][C10] a replica that lags is promoted: every client is told at the first offset that it lost', t => {
    const { signalled, findings } = roundOf('lagging', t);
    assert.ok(
      findings.some(({ kind }) => kind === 'lost-primary'),
      'something was lost, on purpose',
    );
    assert.ok(
      signalled > CLIENTS / 2,
      'everybody saw it, but where nothing is shown before it is replicated',
    );
  });

  test('[P2][C3] a primary that hangs and comes back', t => {
    roundOf('zombie', t);
  });

  test('[B12][P4] a primary that is cut off from everybody', t => {
    roundOf('partition', t);
  });

  test('[B6] what must be nought is, and publishing went on soon', async () => {
    const figures = figuresOf('each', sumUp(drilled.verdicts), drilled.verdicts);
    // Figures of time are for a machine that does nothing else.
    const broken = figures.filter(figure => figure.unit === undefined && !isKept(figure));
    assert.deepEqual(broken, []);
    for (const { silentMs } of drilled.verdicts) assert.ok(silentMs < SILENT_MAX_MS, `${silentMs} ms`);
    await rm(drilled.folder, { recursive: true, force: true });
  });
});
