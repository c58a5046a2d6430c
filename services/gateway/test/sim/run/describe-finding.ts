import { INVARIANTS } from '../check/violation.ts';
import { simulate } from '../simulation.ts';
import type { Finding } from './tally.ts';

/** Lines of the timeline that lead to a finding. */
const LINES = 60;

/** Tells a finding to a person: what was promised, what happened, and how to see it again. */
export function describeFinding(
  { seed, invariant, atMs, message }: Finding,
  timeline: readonly string[],
): string {
  return [
    `seed ${seed} broke ${invariant} after ${(atMs / 1_000).toFixed(3)} s: ${INVARIANTS[invariant]}`,
    `  ${message}`,
    '',
    ...timeline.slice(-LINES),
    '',
    `again, with everything that happened: npm run sim -- --seeds 1 --from ${seed} --trace`,
  ].join('\n');
}

/** Everything that happens in a seed, by living through it once more. Called from a plain callback. */
export function timelineOf(seed: number): readonly string[] {
  const lines: string[] = [];
  simulate(seed, { trace: line => lines.push(line) });
  return lines;
}
