import { parseArgs } from 'node:util';
import { SCENARIO_NAMES } from '../launcher/plan-run.ts';
import { PROFILE_NAMES } from '../profiles/profile.ts';
import { bundle } from './bundle.ts';
import { configMapYaml, DEFAULT_TEST_RUN, testRunYaml } from './test-run.ts';

/** `npm run load:manifest -- latency --profile average | kubectl apply -f -`: the script's ConfigMap and the TestRun. */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { profile: { type: 'string' }, parallelism: { type: 'string' }, url: { type: 'string' } },
});
const scenario = SCENARIO_NAMES.find(name => name === (positionals[0] ?? DEFAULT_TEST_RUN.scenario));
const profile = PROFILE_NAMES.find(name => name === (values.profile ?? DEFAULT_TEST_RUN.profile));
const parallelism = Number(values.parallelism ?? DEFAULT_TEST_RUN.parallelism);

if (scenario === undefined || profile === undefined || !Number.isInteger(parallelism) || parallelism < 1) {
  console.error(
    `npm run load:manifest -- [${SCENARIO_NAMES.join('|')}] [--profile ${PROFILE_NAMES.join('|')}] [--parallelism N] [--url ws://…]`,
  );
  process.exitCode = 2;
} else {
  const script = bundle(new URL(`../scenarios/${scenario}.ts`, import.meta.url));
  const url = values.url ?? DEFAULT_TEST_RUN.url;
  process.stdout.write(
    `${configMapYaml(scenario, script)}---\n${testRunYaml({ scenario, profile, parallelism, url })}`,
  );
}
