import { parseArgs } from 'node:util';
import { err, ok, type Result } from '@kittiwake/base';
import { bestNetwork, type Network } from './tier/drill-tier.ts';

/** What may be done; `mixed` draws from the four faults of the primary, `each` does everything once, as CI does. */
export const FAULT_KINDS = ['crash', 'zombie', 'lagging', 'partition'] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];
export const DRILL_KINDS = [...FAULT_KINDS, 'mixed', 'gateways', 'storm', 'each'] as const;
export type DrillKind = (typeof DRILL_KINDS)[number];

/** What a drill is told. */
export type DrillOptions = {
  readonly kind: DrillKind;
  /** Failovers, or kills of a gateway. A storm has two rounds, and `each` five, whatever this says. */
  readonly times: number;
  /** Clients that listen. */
  readonly clients: number;
  readonly channels: number;
  /** Publishes per second, of all producers together. */
  readonly rate: number;
  /** Processes that share the clients. */
  readonly processes: number;
  readonly seed: number;
  readonly network: Network;
  /** Waits less: for a check before a commit, not for figures. */
  readonly quick: boolean;
  /** Folder that gets `<kind>.md` and `<kind>.json`; none where absent. */
  readonly report: string | undefined;
};

/** The drill to run, the logs to check again, or the help to show. */
export type DrillRequest =
  | { readonly do: 'run'; readonly options: DrillOptions }
  | { readonly do: 'check'; readonly folder: string }
  | { readonly do: 'help' };

export const HELP = `Breaks a Redis tier, gateways or both under load, and checks that nothing was lost unsaid.

  npm run drill -- --kind crash|zombie|lagging|partition|mixed|gateways|storm|each [options]

  --times N      failovers, or kills of a gateway                      10
  --clients N    clients that listen                                   300 (storm: 18000)
  --channels N   channels that they share                              6 (storm: 180)
  --rate N       publishes per second, all producers together          200 (storm: 50)
  --processes N  processes that share the clients                      1 (storm: 2)
  --seed N       which faults, on which gateways: the same seed, the same plan   1
  --network X    namespaces (root) or proxies: how a primary is cut off          the best there is
  --report DIR   writes DIR/<kind>.md and DIR/<kind>.json              docs/drills
  --no-report    writes none
  --quick        short waits: a check, not a measurement; writes no report
  --check DIR    holds the logs of an earlier drill against each other again

Examples:
  npm run drill -- --kind crash --times 3 --clients 60 --no-report
  npm run drill -- --kind mixed --times 100
  npm run drill -- --kind gateways --times 100 --clients 900 --channels 3 --rate 100
  npm run drill -- --kind storm

The last line sums up; the exit status is 1 when a promise was broken, and the logs are kept then.`;

const OPTIONS = {
  kind: { type: 'string' },
  times: { type: 'string' },
  clients: { type: 'string' },
  channels: { type: 'string' },
  rate: { type: 'string' },
  processes: { type: 'string' },
  seed: { type: 'string' },
  network: { type: 'string' },
  report: { type: 'string' },
  'no-report': { type: 'boolean' },
  quick: { type: 'boolean' },
  check: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

type Values = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values'];

/** Reads the command line; the failure is a line that says what is wrong with it. */
export function parseDrill(args: readonly string[]): Result<DrillRequest, string> {
  let values: Values;
  try {
    values = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: false }).values;
  } catch (reason) {
    return err(reason instanceof Error ? reason.message : String(reason));
  }
  if (values.help === true) return ok({ do: 'help' });
  if (values.check !== undefined) return ok({ do: 'check', folder: values.check });
  const kind = DRILL_KINDS.find(known => known === values.kind);
  if (kind === undefined) return err(`--kind is one of ${DRILL_KINDS.join(', ')}`);
  return optionsOf(kind, values);
}

function optionsOf(kind: DrillKind, values: Values): Result<DrillRequest, string> {
  const bad: string[] = [];
  const number = (name: 'times' | 'clients' | 'channels' | 'rate' | 'processes' | 'seed', usual: number) => {
    const value = Number(values[name] ?? usual);
    if (!Number.isSafeInteger(value) || value < 1) bad.push(`--${name} is a whole number from 1`);
    return value;
  };
  const storm = kind === 'storm';
  const quick = values.quick === true;
  const options: DrillOptions = {
    kind,
    times: number('times', 10),
    clients: number('clients', storm ? 18_000 : 300),
    channels: number('channels', storm ? 180 : 6),
    rate: number('rate', storm ? 50 : 200),
    processes: number('processes', storm ? 2 : 1),
    seed: number('seed', 1),
    network: networkFor(kind, values.network),
    quick,
    report: quick || values['no-report'] === true ? undefined : (values.report ?? 'docs/drills'),
  };
  return bad.length > 0 ? err(bad.join('; ')) : ok({ do: 'run', options });
}

/** Only a partition needs to cut anybody off. */
function networkFor(kind: DrillKind, asked: string | undefined): Network {
  if (kind !== 'partition' && kind !== 'mixed' && kind !== 'each') return 'none';
  if (asked === 'namespaces' || asked === 'proxies') return asked;
  return bestNetwork();
}
