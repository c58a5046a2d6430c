import { type Clock, delay, err, ok, type Result } from '@kittiwake/base';
import { type CliProblem, EXIT } from '../cli-problem.ts';
import type { ClusterPort } from './cluster-port.ts';
import { type ClusterStatus, parseClusterStatus } from './cluster-status.ts';
import { describePlan, describeSessions, describeStatus } from './describe-status.ts';

/** What these commands touch. */
export type ClusterDeps = {
  readonly clock: Clock;
  readonly cluster: ClusterPort;
  /** Ends `--watch`. */
  readonly stopped: AbortSignal;
  /** Whether the screen can be wiped. */
  readonly isTerminal: boolean;
  out(text: string): void;
  error(text: string): void;
};

type Options = { readonly namespace: string; readonly json?: boolean };
type Seen = { readonly cluster: string; readonly text: string; readonly status: ClusterStatus };

const WATCH_MS = 2_000;
const WIPE = '\u001b[2J\u001b[H';
/** A leader renews every 2 s, and another one takes over after 15. */
const LEADER_AGE_MAX_MS = 30_000;
const ANSWER_MAX_MS = 30_000;

/** `kittiwake status`: once, or until it is stopped. */
export async function showStatus(
  options: Options & { readonly watch?: boolean },
  deps: ClusterDeps,
): Promise<number> {
  for (;;) {
    const seen = await look(options, deps);
    if (options.watch !== true) return seen.ok ? EXIT.done : fail(seen.error, deps);
    // A cluster that is away for a moment comes back; who watches wants to see that as well.
    if (!seen.ok) fail(seen.error, deps);
    await Promise.race([delay(deps.clock, WATCH_MS), aborted(deps.stopped)]);
    if (deps.stopped.aborted) return EXIT.done;
  }
}

async function look(options: Options, deps: ClusterDeps): Promise<Result<void, CliProblem>> {
  const seen = await readStatus(options, deps);
  if (!seen.ok) return seen;
  const leader = await deps.cluster.readLeader(options.namespace);
  if (!leader.ok) return leader;
  const { cluster, text, status } = seen.value;
  const nowMs = deps.clock.nowMs();
  if (options.json === true) deps.out(`${text}\n`);
  else {
    const wipe = deps.isTerminal && !deps.stopped.aborted ? WIPE : '';
    deps.out(`${wipe}${describeStatus(status, nowMs)}`);
  }
  const isLed = leader.value !== undefined && nowMs - leader.value.renewedAtMs <= LEADER_AGE_MAX_MS;
  const led = isLed
    ? `${leader.value?.holder} leads`
    : `NO CONTROLLER LEADS: this is how it was at ${status.writtenAt}`;
  deps.error(`cluster ${cluster}, namespace ${options.namespace} · ${led}\n`);
  return ok();
}

async function readStatus(options: Options, deps: ClusterDeps): Promise<Result<Seen, CliProblem>> {
  const read = await deps.cluster.readStatus(options.namespace);
  if (!read.ok) return read;
  const status = parseClusterStatus(read.value.value);
  return status.ok
    ? ok({ cluster: read.value.cluster, text: read.value.value, status: status.value })
    : status;
}

/** `kittiwake drain <pod>`: asks the controller to have a gateway hand its sessions over. */
export async function drainGateway(pod: string, options: Options, deps: ClusterDeps): Promise<number> {
  const seen = await readStatus(options, deps);
  if (!seen.ok) return fail(seen.error, deps);
  const problem = whyNotDrain(pod, seen.value.status);
  if (problem !== undefined) return fail(problem, deps);
  const { namespace } = options;
  const annotations = { 'kittiwake.dev/drain': new Date(deps.clock.nowMs()).toISOString() };
  const asked = await deps.cluster.annotate({ kind: 'Pod', namespace, name: pod }, annotations);
  if (!asked.ok) return fail(asked.error, deps);
  const sessions = seen.value.status.gateways.find(({ name }) => name === pod)?.sessions ?? 0;
  deps.out(`${pod} is asked to hand over ${sessions} sessions.\n`);
  deps.error(
    `Follow it: npx kittiwake status --watch. Once it is drained: kubectl -n ${namespace} delete pod ${pod}\n`,
  );
  return EXIT.done;
}

function whyNotDrain(pod: string, { gateways }: ClusterStatus): CliProblem | undefined {
  const gateway = gateways.find(({ name }) => name === pod);
  const next = 'See them: npx kittiwake status.';
  if (gateway === undefined) return { message: `There is no gateway ${pod}.`, next };
  if (gateway.phase === 'draining' || gateway.phase === 'drained')
    return { message: `${pod} is ${gateway.phase} already.`, next };
  const others = gateways.filter(
    ({ name, phase, state, drainAskedAt }) =>
      name !== pod && phase === 'serving' && state === 'ready' && drainAskedAt === undefined,
  );
  if (others.length > 0) return undefined;
  return {
    message: `${pod} is the only gateway that serves: nobody would take its sessions.`,
    next: 'Add one first: raise minReplicas of the HorizontalPodAutoscaler gateway.',
  };
}

/** `kittiwake rebalance`: shows what would be done, or asks the controller to do it now and waits for its answer. */
export async function rebalanceNow(
  options: Options & { readonly dryRun?: boolean },
  deps: ClusterDeps,
): Promise<number> {
  const seen = await readStatus(options, deps);
  if (!seen.ok) return fail(seen.error, deps);
  const { status } = seen.value;
  if (options.dryRun === true) {
    showPlan(status, deps);
    return EXIT.done;
  }
  const { namespace } = options;
  if (status.rebalance.mode === 'off') {
    const next = `Switch it on: kubectl -n ${namespace} annotate deployment gateway kittiwake.dev/rebalance-`;
    return fail({ message: 'Rebalancing is switched off.', next }, deps);
  }
  const askedAtMs = deps.clock.nowMs();
  const annotations = { 'kittiwake.dev/rebalance-now': new Date(askedAtMs).toISOString() };
  const asked = await deps.cluster.annotate({ kind: 'Deployment', namespace, name: 'gateway' }, annotations);
  if (!asked.ok) return fail(asked.error, deps);
  const answer = await waitForAnswer(options, deps, new Set(status.decisions.map(keyOf)));
  if (!answer.ok) return fail(answer.error, deps);
  deps.out(`${answer.value}\n`);
  return EXIT.done;
}

function showPlan(status: ClusterStatus, deps: ClusterDeps): void {
  const { plan, obstacle } = status.rebalance;
  deps.error(`${describeSessions(status)}\n`);
  if (obstacle !== undefined)
    deps.out(`Nothing is moved now: ${obstacle.replace('_', ' ')} is in the way.\n`);
  else
    deps.out(
      plan.length === 0
        ? 'Nothing to do: all gateways are within 10 % of the mean.\n'
        : `${describePlan(status)}\n`,
    );
}

type Decided = ClusterStatus['decisions'][number];

/** Decisions are told apart by what they say: the clocks of this machine and of the controller's need not agree. */
const keyOf = ({ at, reason, note }: Decided): string => `${at} ${reason} ${note}`;

async function waitForAnswer(
  options: Options,
  deps: ClusterDeps,
  known: ReadonlySet<string>,
): Promise<Result<string, CliProblem>> {
  const untilMs = deps.clock.monotonicMs() + ANSWER_MAX_MS;
  while (deps.clock.monotonicMs() < untilMs && !deps.stopped.aborted) {
    const seen = await readStatus(options, deps);
    if (!seen.ok) return seen;
    const answers = seen.value.status.decisions.filter(
      decision => decision.reason.startsWith('Rebalance') && !known.has(keyOf(decision)),
    );
    const first = answers.at(-1);
    if (first !== undefined) return ok(`${first.reason}: ${first.note}`);
    await Promise.race([delay(deps.clock, WATCH_MS), aborted(deps.stopped)]);
  }
  return err({
    message: `The controller has not answered in ${ANSWER_MAX_MS / 1_000} s.`,
    next: 'See whether one leads: npx kittiwake status.',
  });
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise(resolve => signal.addEventListener('abort', () => resolve(), { once: true }));
}

function fail({ message, next }: CliProblem, deps: ClusterDeps): number {
  deps.error(`${message}\n${next}\n`);
  return EXIT.failed;
}
