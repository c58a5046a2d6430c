import { parseArgs } from 'node:util';
import { err, ok, type Result } from '../../packages/base/src/result.ts';
import { PROFILE_NAMES } from '../profiles/profile.ts';

/** The questions that can be asked. */
export const SCENARIO_NAMES = ['latency', 'storm', 'steady'] as const;
export type ScenarioName = (typeof SCENARIO_NAMES)[number];

/** What `npm run load` does. */
export type RunPlan = { readonly kind: 'help' } | { readonly kind: 'run'; readonly args: readonly string[] };

export const HELP = `Holds a Kittiwake cluster to its objectives, with k6.

  npm run load -- latency                          against npm start on this machine
  npm run load -- latency --url wss://rt.example.com/v1/ws --profile average --token "$TOKEN"
  npm run load -- storm --kill self                every client breaks its own connection
  npm run load -- storm --profile average          says when to kill a gateway
  npm run load -- steady --profile background      goes on while you do something to the cluster

  --url URL        WebSocket address of the gateways (ws://localhost:8000/v1/ws)
  --profile NAME   ${PROFILE_NAMES.join(', ')} (smoke)
  --token T[,T…]   tokens, dealt to the groups; the variables TOKEN and SIGNING_KEY do the same and stay out of process lists.
                   Without: asked of the development issuer
  --api-url URL    where the development issuer is, if not where the gateways are
  --kill WHO       storm: self or outside (outside)
  --until URL      steady: every group opens a WebSocket there once it talks, and leaves when that closes (after the profile's time)

Exit status: 0 all thresholds held, 99 thresholds were broken, anything else: the run failed.
Results: load-tests/results/<scenario>-<profile>.json`;

const OPTIONS = {
  url: { type: 'string' },
  profile: { type: 'string' },
  token: { type: 'string' },
  'api-url': { type: 'string' },
  kill: { type: 'string' },
  until: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** Turns the command line into k6's, or says what is wrong with it. */
export function planRun(argv: readonly string[]): Result<RunPlan, string> {
  const parsed = parse(argv);
  if (!parsed.ok) return parsed;
  const { values, positionals } = parsed.value;
  if (values.help === true || (argv.length === 0 && positionals.length === 0)) return ok({ kind: 'help' });
  const scenario = SCENARIO_NAMES.find(name => name === positionals[0]);
  if (scenario === undefined || positionals.length > 1)
    return err(`name one scenario: ${SCENARIO_NAMES.join(', ')}`);
  if (values.profile !== undefined && !PROFILE_NAMES.some(name => name === values.profile)) {
    return err(`--profile must be one of ${PROFILE_NAMES.join(', ')}, not ${values.profile}`);
  }
  if (values.kill !== undefined && values.kill !== 'self' && values.kill !== 'outside') {
    return err(`--kill must be self or outside, not ${values.kill}`);
  }
  const settings: readonly (readonly [string, string | undefined])[] = [
    ['URL', values.url],
    ['PROFILE', values.profile],
    ['TOKEN', values.token],
    ['API_URL', values['api-url']],
    ['KILL', values.kill],
    ['UNTIL', values.until],
  ];
  const env = settings.flatMap(([name, value]) => (value === undefined ? [] : ['--env', `${name}=${value}`]));
  return ok({ kind: 'run', args: ['run', '--quiet', ...env, `load-tests/scenarios/${scenario}.ts`] });
}

function parse(argv: readonly string[]) {
  try {
    return ok(parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true }));
  } catch (problem) {
    return err(problem instanceof Error ? problem.message : String(problem));
  }
}
