import type { Millis } from '@kittiwake/base';
import type { GatewayPod } from '../gateways/gateway-pod.ts';
import type { GatewayStatus } from '../gateways/gateway-status.ts';
import type { SeenStatus } from '../gateways/scraper.ts';
import type { Autoscaler } from './autoscaler.ts';
import type { GatewayDeployment } from './gateway-deployment.ts';
import type { TemplateRevision } from './template-revision.ts';

/** One gateway: its pod, and what it said last. */
export type Gateway = {
  readonly pod: GatewayPod;
  /** `undefined`: it has not answered, or not lately. */
  readonly status: GatewayStatus | undefined;
  /** When the status was asked for, monotonic; −∞ without one. */
  readonly seenAtMs: number;
  /** Looks in a row at which nothing came from its address. */
  readonly missed: number;
};

/** All gateways at `nowMs` (monotonic), by name, and what stands above them. */
export type Fleet = {
  readonly nowMs: number;
  readonly gateways: readonly Gateway[];
  readonly deployment: GatewayDeployment | undefined;
  readonly templates: readonly TemplateRevision[];
  readonly autoscaler: Autoscaler | undefined;
};

/** What a fleet is put together from. */
export type FleetSources = Omit<Fleet, 'gateways'> & {
  readonly pods: Iterable<GatewayPod>;
  readonly statuses: ReadonlyMap<string, SeenStatus>;
  readonly missed: ReadonlyMap<string, number>;
  /** [R22] A number that is older counts as none: it would move clients that are gone. */
  readonly statusAgeMaxMs: Millis;
};

/** Puts together what is known; pods that are finished are left out. */
export function toFleet({ pods, statuses, missed, statusAgeMaxMs, ...rest }: FleetSources): Fleet {
  const gateways = [...pods]
    .filter(({ state }) => state !== 'finished')
    .map(pod => ({
      pod,
      missed: missed.get(pod.uid) ?? 0,
      ...heard(statuses.get(pod.uid), rest.nowMs - statusAgeMaxMs),
    }))
    .sort((a, b) => (a.pod.name < b.pod.name ? -1 : 1));
  return { ...rest, gateways };
}

function heard(seen: SeenStatus | undefined, sinceMs: Millis): Pick<Gateway, 'status' | 'seenAtMs'> {
  const isFresh = seen !== undefined && seen.atMs >= sinceMs;
  if (!isFresh) return { status: undefined, seenAtMs: Number.NEGATIVE_INFINITY };
  return { status: seen.status, seenAtMs: seen.atMs };
}

/** Whether it takes sessions, and goes on doing so as far as anybody knows. */
export function isStaying({ pod, status }: Gateway): boolean {
  return pod.state === 'ready' && status?.phase === 'serving' && pod.drainAskedAt === undefined;
}

/** Whether it is on its way out: its sessions have moved, are moving, or will. */
export function isLeaving({ pod, status }: Gateway): boolean {
  return (
    pod.state === 'terminating' ||
    status?.phase === 'held' ||
    status?.phase === 'draining' ||
    (pod.drainAskedAt !== undefined && status?.phase === 'serving')
  );
}
