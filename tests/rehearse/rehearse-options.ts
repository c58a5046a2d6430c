import { parseArgs } from 'node:util';
import { err, ok, type Result } from '@kittiwake/base';

/** What may be rehearsed. */
export const REHEARSALS = [
  'deploy',
  'scale-out',
  'scale-in',
  'storm',
  'node-loss',
  'broker-down',
  'slow-readers',
] as const;
export type RehearsalName = (typeof REHEARSALS)[number];

/** What a rehearsal is told. */
export type RehearseOptions = {
  readonly name: RehearsalName;
  /** SDK clients, those that publish among them. */
  readonly clients: number;
  /** Publishes per second, of all producers together. */
  readonly rate: number;
  /** How often the thing is done. */
  readonly times: number;
  /** Processes that share the clients, besides two of their own. */
  readonly processes: number;
  /** Whether k6 adds load of its own, where there is one. */
  readonly k6: boolean;
  /** Whether cores are shared out as machines with systemd do, where nodes are groups of processes of this machine. */
  readonly slice: boolean;
  /** As CI runs it: less of everything, and no report. */
  readonly short: boolean;
  /** Folder that gets `<name>.md`, `.json` and `.svg`; none where absent. */
  readonly report: string | undefined;
};

export type RehearseRequest =
  | { readonly do: 'run'; readonly options: RehearseOptions }
  | { readonly do: 'help' };

type Usual = Pick<RehearseOptions, 'clients' | 'rate' | 'times'>;

const USUAL: { readonly [N in RehearsalName]: Usual } = {
  deploy: { clients: 3_000, rate: 200, times: 10 },
  'scale-out': { clients: 1_500, rate: 100, times: 1 },
  'scale-in': { clients: 1_500, rate: 100, times: 1 },
  storm: { clients: 6_000, rate: 50, times: 1 },
  'node-loss': { clients: 900, rate: 50, times: 1 },
  'broker-down': { clients: 900, rate: 100, times: 1 },
  'slow-readers': { clients: 900, rate: 100, times: 1 },
};

const SHORT: { readonly [N in RehearsalName]: Usual } = {
  deploy: { clients: 300, rate: 100, times: 1 },
  'scale-out': { clients: 300, rate: 50, times: 1 },
  'scale-in': { clients: 300, rate: 50, times: 1 },
  storm: { clients: 600, rate: 50, times: 1 },
  'node-loss': { clients: 150, rate: 50, times: 1 },
  'broker-down': { clients: 150, rate: 50, times: 1 },
  'slow-readers': { clients: 300, rate: 50, times: 1 },
};

export const HELP = `Does to a real cluster what platform teams fear, under load that comes through its ingress, and shows what users noticed.

  npm run rehearse -- ${REHEARSALS.join('|')} [options]

  --clients N    SDK clients, one of each channel publishes (deploy: 3000, storm: 6000)
  --rate N       publishes per second, all producers together (deploy: 200)
  --times N      how often it is done (deploy: 10)
  --processes N  processes that share the clients             2
  --no-k6        without the load of k6, which is left out as well where there is none
  --no-slice     on a test cluster of this machine: with its cores shared as they are, by threads
  --short        less of everything, as CI runs it; writes no report
  --report DIR   writes DIR/<rehearsal>.md, .json and .svg    docs/rehearsals
  --no-report    writes none

KUBECONFIG says which cluster: one with Kittiwake in namespace kittiwake. The number of gateways is fixed at its autoscaler
meanwhile; everything is put back at the end, also after a failure or Ctrl-C.

  node-loss and broker-down cut nodes off or stop processes: they need a test cluster whose tool KITTIWAKE_CLUSTER_TOOL names.
  KITTIWAKE_ADDRESS overrides the address of the ingress.

Examples:
  npm run rehearse -- deploy --short
  npm run rehearse -- deploy --times 3 --clients 600 --rate 100 --no-report
  npm run rehearse -- storm --clients 6000

The last line sums up; the exit status is 1 when a figure falls short.`;

const OPTIONS = {
  clients: { type: 'string' },
  rate: { type: 'string' },
  times: { type: 'string' },
  processes: { type: 'string' },
  short: { type: 'boolean' },
  report: { type: 'string' },
  'no-k6': { type: 'boolean' },
  'no-report': { type: 'boolean' },
  'no-slice': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** Reads the command line; the failure is a line that says what is wrong with it. */
export function parseRehearsal(args: readonly string[]): Result<RehearseRequest, string> {
  let parsed: ReturnType<typeof parseArgs<{ options: typeof OPTIONS; allowPositionals: true }>>;
  try {
    parsed = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  } catch (reason) {
    return err(reason instanceof Error ? reason.message : String(reason));
  }
  const { values, positionals } = parsed;
  if (values.help === true) return ok({ do: 'help' });
  const name = REHEARSALS.find(known => known === positionals[0]);
  if (name === undefined || positionals.length > 1) return err(`name one of ${REHEARSALS.join(', ')}`);
  const bad: string[] = [];
  const short = values.short === true;
  const usual = (short ? SHORT : USUAL)[name];
  const number = (option: 'clients' | 'rate' | 'times' | 'processes', otherwise: number): number => {
    const value = Number(values[option] ?? otherwise);
    if (!Number.isSafeInteger(value) || value < 1) bad.push(`--${option} is a whole number from 1`);
    return value;
  };
  const options: RehearseOptions = {
    name,
    clients: number('clients', usual.clients),
    rate: number('rate', usual.rate),
    times: number('times', usual.times),
    processes: number('processes', 2),
    k6: values['no-k6'] !== true,
    slice: values['no-slice'] !== true,
    short,
    report: short || values['no-report'] === true ? undefined : (values.report ?? 'docs/rehearsals'),
  };
  return bad.length > 0 ? err(bad.join('; ')) : ok({ do: 'run', options });
}
