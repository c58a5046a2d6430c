import type { ConfigProblem } from './config-problem.ts';

/** Lists every problem in one message for people: a heading, then one line each with its path (F1). */
export function describeProblems(problems: readonly ConfigProblem[], source: string): string {
  const heading = `${source}: ${problems.length === 1 ? '1 problem' : `${problems.length} problems`}`;
  const width = Math.min(40, Math.max(0, ...problems.map(problem => problem.path.length)));
  return [heading, ...problems.map(problem => `  ${problem.path.padEnd(width)}  ${problem.problem}`)].join(
    '\n',
  );
}
