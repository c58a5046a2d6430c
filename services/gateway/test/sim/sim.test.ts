import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fromPlainCallback } from '@kittiwake/testkit';
import { fileOf, withBug } from './planted/plant.ts';
import { PLANTED_BUGS } from './planted/planted-bugs.ts';
import { runPlanted } from './planted/run-planted.ts';
import { addTallies, NOTHING } from './run/tally.ts';
import { PINNED_SEEDS } from './seeds.ts';
import { type Outcome, simulate } from './simulation.ts';

/** What a hundred worlds have to have in them, so that nobody is fooled by worlds in which nothing happens. */
const LEAST: { readonly [what: string]: number } = {
  deliveries: 8_000,
  faults: 200,
  truncated: 30,
  trimmed: 5,
  unknown: 50,
  'publish acked': 1_200,
  'publish replicated': 600,
  'publish unknown': 50,
  'publish rejected': 50,
  'client reconnecting': 500,
  kittiwake_broker_failovers_total: 50,
  kittiwake_gaps_total: 200,
};

function lives(seeds: readonly number[], trace?: (line: string) => void): Promise<readonly Outcome[]> {
  return fromPlainCallback(() => seeds.map(seed => simulate(seed, trace === undefined ? {} : { trace })));
}

function brokenBy(outcomes: readonly Outcome[]): readonly string[] {
  return outcomes.flatMap(({ seed, violation }) =>
    violation === undefined ? [] : [`seed ${seed} broke ${violation.invariant}: ${violation.message}`],
  );
}

test('[Y1] the same seed lives the same life, another one another', async () => {
  const [once, again, other]: string[][] = [[], [], []];
  for (const [seed, lines] of [
    [7, once],
    [7, again],
    [8, other],
  ] as const)
    await lives([seed], line => lines?.push(line));
  assert.ok((once?.length ?? 0) > 100);
  assert.deepEqual(again, once);
  assert.notDeepEqual(other, once);
});

test('[C5][C6][P2][P4][E4] a hundred clusters with everything that can go wrong keep their promises', async () => {
  const outcomes = await lives(Array.from({ length: 100 }, (_, n) => n + 1));
  assert.deepEqual(brokenBy(outcomes), []);
  const { counts } = outcomes.reduce(
    (sum, outcome) => addTallies(sum, { ...outcome, seeds: 1, findings: [] }),
    NOTHING,
  );
  for (const [what, least] of Object.entries(LEAST))
    assert.ok((counts.get(what) ?? 0) >= least, `${what}: ${counts.get(what)}, at least ${least}`);
});

test('[C5][C6][P2][P4][E4] seeds that found something stay found', async () => {
  assert.deepEqual(brokenBy(await lives(PINNED_SEEDS.map(({ seed }) => seed))), []);
});

test('[Y1] a planted bug is caught, and by the bug: the same seeds hold without it', async () => {
  const bug = PLANTED_BUGS.find(({ name }) => name === 'gap-check-off-by-one');
  assert.ok(bug !== undefined);
  const result = await runPlanted(bug, { from: 1, seeds: 400 });
  assert.equal(result.outcome, 'caught');
});

test('[Y1] every planted bug has its one place in the code', () => {
  for (const bug of PLANTED_BUGS) {
    const source = readFileSync(fileOf(bug), 'utf8');
    assert.notEqual(withBug(bug, source), source);
  }
});
