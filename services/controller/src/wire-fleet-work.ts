import { err, ok, type Result } from '@kittiwake/base';
import type { ControllerParts } from './controller-parts.ts';
import { createDeletionCostWork } from './deletion-cost/deletion-costs.ts';
import { Drains } from './drains/drains.ts';
import { createEjectionWork } from './ejection/ejections.ts';
import { isSuspicious } from './ejection/plan-ejections.ts';
import type { FleetPorts, HandoverPort } from './fleet/fleet-ports.ts';
import { createHttpHandover } from './gateways/http-handover.ts';
import { readOperationsKey } from './gateways/operations-key.ts';
import { setDeletionCost } from './kube/deletion-cost-store.ts';
import { setInService } from './kube/in-service-store.ts';
import type { KubeClient } from './kube/kube-client.ts';
import type { KubeError } from './kube/kube-error.ts';
import { createStatusStore } from './kube/status-store.ts';
import { REBALANCE_RULES } from './rebalance/rebalance-rules.ts';
import { Rebalancer } from './rebalance/rebalancer.ts';
import type { ApplyError } from './reconcile/apply.ts';
import type { ReconcileWork } from './reconcile/reconciler.ts';
import type { DecisionLog } from './status/decision-log.ts';
import { toStatusReport } from './status/status-report.ts';
import { StatusWriter } from './status/status-writer.ts';

/** What the leader does about the gateways, by key; `forget` before it leads anew. */
export type FleetWork = {
  readonly work: ReadonlyMap<string, ReconcileWork>;
  readonly isHurried: () => boolean;
  readonly forget: () => void;
};

/** What it needs of the other rooms. */
export type FleetWorkSources = FleetPorts & {
  readonly client: KubeClient;
  readonly log: DecisionLog;
  /** Whether the fleet is all there is, and not what was listed so far. */
  readonly isKnown: () => boolean;
};

/** Builds it. */
export function wireFleetWork(parts: ControllerParts, sources: FleetWorkSources): FleetWork {
  const { config, clock, metrics } = parts;
  const { handover, namespace } = config;
  const ports = { ...sources, ...wireHandover(parts) };
  const rebalancer = new Rebalancer({
    clock,
    metrics,
    ports,
    rules: { ...REBALANCE_RULES, ...rebalancing(parts) },
    isAble: handover.secretsDirectory !== '',
  });
  const drains = new Drains({ metrics, ports, rules: handover });
  const setCost = async (name: string, cost: number): Promise<Result<void, ApplyError>> =>
    toApply(await setDeletionCost(sources.client, { namespace, name }, cost));
  const inService = async (name: string, is: boolean): Promise<Result<void, ApplyError>> =>
    toApply(await setInService(sources.client, { namespace, name }, is));
  const status = wireStatus(parts, sources, rebalancer);
  const work: readonly [string, ReconcileWork][] = [
    ['ejection', createEjectionWork({ ...sources, setInService: inService }, metrics)],
    ['drains', () => drains.run()],
    ['rebalance', () => rebalancer.run()],
    ['deletion-cost', createDeletionCostWork({ ...sources, setCost }, metrics)],
    ['status', () => status.run()],
  ];
  const onceKnown = (run: ReconcileWork): ReconcileWork => {
    return async () => (sources.isKnown() ? await run() : ok());
  };
  return {
    work: new Map(work.map(([key, run]) => [key, onceKnown(run)])),
    isHurried: () => rebalancer.isHurried || isSuspicious(sources.fleet()),
    forget: () => {
      for (const part of [drains, rebalancer, status]) part.forget();
    },
  };
}

function rebalancing({ config }: ControllerParts) {
  const { acceptPerSecond, beginShare, withinShare, sessionsMin, coolDownMs } = config.handover;
  return { acceptPerSecond, beginShare, withinShare, sessionsMin, coolDownMs };
}

function wireHandover({ config, clock }: ControllerParts): HandoverPort {
  const tell = createHttpHandover({
    clock,
    port: config.gatewayOperationsPort,
    readKey: () => readOperationsKey(config.handover.secretsDirectory),
  });
  return { handOver: ({ pod }, request) => tell(pod.ip ?? '', request) };
}

function wireStatus(
  { config, clock }: ControllerParts,
  { client, log, fleet, holdsLease }: FleetWorkSources,
  rebalancer: Rebalancer,
): StatusWriter {
  const store = createStatusStore(client, config.namespace);
  return new StatusWriter({
    clock,
    log,
    leader: config.podName,
    ports: {
      holdsLease,
      report() {
        const now = fleet();
        return toStatusReport(now, rebalancer.view(now), log.decisions);
      },
      read: async () => toApply(await store.read()),
      write: async text => toApply(await store.write(text)),
    },
  });
}

function toApply<T>(result: Result<T, KubeError>): Result<T, ApplyError> {
  return result.ok ? result : err({ kind: 'cluster', message: result.error.message });
}
