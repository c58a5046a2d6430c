import {
  assertNever,
  type Clock,
  delay,
  err,
  fullJitter,
  ok,
  type Random,
  type Result,
} from '@kittiwake/base';
import type { KubeError } from '../kube/kube-error.ts';
import type { Logger } from '../telemetry/logger.ts';
import { type BootstrapAction, type ObservedJob, planBootstrap } from './plan.ts';
import { makeSecret, type NewSecret } from './secrets.ts';

/** What the bootstrap calls. */
export type BootstrapPorts = {
  /** Creates a Secret, or finds that somebody did. */
  createSecret(secret: NewSecret): Promise<Result<'created' | 'present', KubeError>>;
  listJobs(): Promise<Result<readonly ObservedJob[], KubeError>>;
  deleteJob(name: string): Promise<Result<void, KubeError>>;
};

/** What a run is made of. */
export type BootstrapRun = {
  readonly ports: BootstrapPorts;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly wanted: { readonly ownJob: string; readonly tlsHosts: readonly string[] };
  readonly deadlineMs: number;
};

const BACKOFF = { baseMs: 250, capMs: 5_000 };

/** [R20] Makes what is absent, and tries again what may work later, until the deadline. Runs at the same time do not disturb each other. */
export async function bootstrap(run: BootstrapRun): Promise<Result<void, KubeError>> {
  const untilMs = run.clock.monotonicMs() + run.deadlineMs;
  const listed = await persist(run, untilMs, () => run.ports.listJobs());
  if (!listed.ok) return listed;
  for (const action of planBootstrap({ jobs: listed.value }, run.wanted)) {
    const done = await persist(run, untilMs, () => perform(run, action));
    if (!done.ok) return done;
  }
  return ok();
}

async function perform(run: BootstrapRun, action: BootstrapAction): Promise<Result<void, KubeError>> {
  switch (action.kind) {
    case 'create-secret': {
      const sources = { random: run.random, nowMs: run.clock.nowMs(), tlsHosts: run.wanted.tlsHosts };
      const made = await run.ports.createSecret(await makeSecret(action.name, sources));
      if (!made.ok) return made;
      run.logger.info(`secret.${made.value}`, { name: action.name });
      return ok();
    }
    case 'delete-job': {
      const deleted = await run.ports.deleteJob(action.name);
      if (deleted.ok) run.logger.info('job.deleted', { name: action.name });
      return deleted;
    }
    default:
      return assertNever(action);
  }
}

/** Tries until it works, cannot work, or the time is over. Forbidden is tried again: RBAC is applied at the same time as the Job. */
async function persist<T>(
  run: BootstrapRun,
  untilMs: number,
  attempt: () => Promise<Result<T, KubeError>>,
): Promise<Result<T, KubeError>> {
  for (let failures = 0; ; failures += 1) {
    const result = await attempt();
    if (result.ok || !isWorthRetrying(result.error)) return result;
    run.logger.warn('cluster.retry', { kind: result.error.kind, message: result.error.message });
    const waitMs = 100 + fullJitter(BACKOFF, failures, run.random);
    if (run.clock.monotonicMs() + waitMs >= untilMs) return err(result.error);
    await delay(run.clock, waitMs);
  }
}

function isWorthRetrying(error: KubeError): boolean {
  return (
    error.kind === 'unavailable' ||
    error.kind === 'timeout' ||
    error.kind === 'forbidden' ||
    error.kind === 'conflict'
  );
}
