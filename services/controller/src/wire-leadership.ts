import { err, type Result } from '@kittiwake/base';
import { LIFETIMES } from './certificates/serving-material.ts';
import type { ControllerParts } from './controller-parts.ts';
import { Elector, type LeadershipHandler } from './election/elector.ts';
import { readApiService, trustCa } from './kube/api-service-store.ts';
import type { KubeClient } from './kube/kube-client.ts';
import type { KubeError } from './kube/kube-error.ts';
import { createLeaseStore } from './kube/lease-store.ts';
import type { MaterialStore } from './kube/material-store.ts';
import type { ApplyError, ApplyPorts } from './reconcile/apply.ts';
import { createMetricsApiWork, METRICS_API_KEY } from './reconcile/metrics-api-work.ts';
import { Reconciler, type ReconcileWork } from './reconcile/reconciler.ts';
import { DecisionLog } from './status/decision-log.ts';
import { type Announce, wireAnnounce } from './wire-announce.ts';
import { type FleetWork, wireFleetWork } from './wire-fleet-work.ts';
import type { Gateways } from './wire-gateways.ts';

/** What leadership needs of the other rooms; `onStored` hears of a new certificate. */
export type LeadershipSources = {
  readonly client: KubeClient;
  readonly materials: MaterialStore;
  readonly gateways: Pick<Gateways, 'fleet' | 'isKnown'>;
  readonly onStored: () => void;
};

/** The election, what the leader does, and whether it is in a hurry with the gateways. */
export type Leadership = {
  readonly elector: Elector;
  readonly reconciler: Reconciler;
  readonly isHurried: () => boolean;
};

const RESYNC_MS = 30_000;

/** Builds the election, and what the leader does. */
export function wireLeadership(parts: ControllerParts, sources: LeadershipSources): Leadership {
  const { config, clock, random, metrics, logger, onFailure } = parts;
  const log = new DecisionLog();
  const announce = wireAnnounce(parts, sources.client, log);
  const leader = { announce, holdsLease: () => elector.holds() };
  const fleetWork = wireFleetWork(parts, { client: sources.client, ...sources.gateways, ...leader, log });
  const reconciler = new Reconciler({
    clock,
    metrics,
    work: new Map([[METRICS_API_KEY, wireMetricsApiWork(parts, sources, leader)], ...fleetWork.work]),
    resyncMs: RESYNC_MS,
    onError: (key, error) =>
      logger.warn('reconcile.failed', { key, kind: error.kind, message: error.message }),
    onFailure,
  });
  const elector: Elector = new Elector({
    clock,
    leases: createLeaseStore(sources.client, clock, { namespace: config.namespace, name: config.lease.name }),
    // A container that starts again in the same pod is another candidate: its predecessor's lease is not its own.
    rules: { ...config.lease, identity: `${config.podName}_${random.hex(4)}` },
    handler: leadershipHandler(parts, { reconciler, fleetWork, announce }),
    onFailure,
  });
  return { elector, reconciler, isHurried: fleetWork.isHurried };
}

type Led = { readonly reconciler: Reconciler; readonly fleetWork: FleetWork; readonly announce: Announce };

function leadershipHandler(
  parts: ControllerParts,
  { reconciler, fleetWork, announce }: Led,
): LeadershipHandler {
  const { config, metrics, logger } = parts;
  return {
    won() {
      metrics.set('kittiwake_controller_leader', 1);
      announce('LeaderElected', `${config.podName} leads`);
      fleetWork.forget();
      reconciler.start();
    },
    lost(reason) {
      metrics.set('kittiwake_controller_leader', 0);
      logger.warn('election.lost', { reason });
      reconciler.stop();
      fleetWork.forget();
    },
    failed: message => logger.warn('election.request_failed', { message }),
  };
}

function wireMetricsApiWork(
  { config, clock, random }: ControllerParts,
  { client, materials, onStored }: LeadershipSources,
  leader: Pick<ApplyPorts, 'holdsLease' | 'announce'>,
): ReconcileWork {
  const hosts = serviceHosts(config.serviceName, config.namespace);
  const observing = {
    readMaterial: async () => toApply(await materials.read()),
    readApiService: async (name: string) => toApply(await readApiService(client, name)),
  };
  const ports: ApplyPorts = {
    ...leader,
    async storeMaterial(material, over) {
      const written = await materials.write(material, over);
      if (written.ok) onStored();
      return toApply(written);
    },
    trust: async (name, caPem) => toApply(await trustCa(client, name, caPem)),
  };
  const desired = { hosts, apiServices: config.apiServices };
  return createMetricsApiWork(observing, desired, { ports, clock, random, hosts, lifetimes: LIFETIMES });
}

/** Names under which a Service is called; the API server uses `<service>.<namespace>.svc`. */
function serviceHosts(service: string, namespace: string): readonly string[] {
  return [`${service}.${namespace}.svc`, `${service}.${namespace}.svc.cluster.local`];
}

function toApply<T>(result: Result<T, KubeError>): Result<T, ApplyError> {
  return result.ok ? result : err({ kind: 'cluster', message: result.error.message });
}
