import { mkdirSync } from 'node:fs';
import { HELP, planRun } from './launcher/plan-run.ts';
import { NO_K6, runK6 } from './launcher/run-k6.ts';

/** `npm run load -- <scenario> [options]`: k6 with the project's scripts. */
const REPOSITORY = new URL('../', import.meta.url);
const plan = planRun(process.argv.slice(2));

if (!plan.ok) {
  console.error(`${plan.error}\n\n${HELP}`);
  process.exitCode = 2;
} else if (plan.value.kind === 'help') {
  console.log(HELP);
} else {
  mkdirSync(new URL('load-tests/results/', REPOSITORY), { recursive: true });
  process.exitCode = await runK6(plan.value.args, REPOSITORY);
  if (process.exitCode === 127) console.error(NO_K6);
}
