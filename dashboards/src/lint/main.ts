import { lint } from './lint.ts';

/** `npm run dashboards:lint`: prints every problem, and exits with 1 when there is one. */
const problems = lint();
for (const problem of problems) console.error(problem);
console.log(
  problems.length === 0
    ? 'dashboards: all queries, panels, alerts and runbooks hold'
    : `${problems.length} problems`,
);
process.exitCode = problems.length === 0 ? 0 : 1;
