import { background, err, type Result } from '@kittiwake/base';
import { LIFETIMES } from './certificates/serving-material.ts';
import type { ControllerParts } from './controller-parts.ts';
import { Elector, type LeadershipHandler } from './election/elector.ts';
import { readApiService, trustCa } from './kube/api-service-store.ts';
import { createEventRecorder } from './kube/event-recorder.ts';
import type { KubeClient } from './kube/kube-client.ts';
import type { KubeError } from './kube/kube-error.ts';
import { createLeaseStore } from './kube/lease-store.ts';
import type { MaterialStore } from './kube/material-store.ts';
import type { ApplyError, ApplyPorts } from './reconcile/apply.ts';
import { createMetricsApiWork, METRICS_API_KEY } from './reconcile/metrics-api-work.ts';
import { Reconciler, type ReconcileWork } from './reconcile/reconciler.ts';

/** What leadership needs of the other rooms; `onStored` hears of a new certificate. */
export type LeadershipSources = {
  readonly client: KubeClient;
  readonly materials: MaterialStore;
  readonly onStored: () => void;
};

type Announce = (reason: string, note: string) => void;

const RESYNC_MS = 30_000;

/** Builds the election, and what the leader does. */
export function wireLeadership(
  parts: ControllerParts,
  sources: LeadershipSources,
): { readonly elector: Elector; readonly reconciler: Reconciler } {
  const { config, clock, random, metrics, logger, onFailure } = parts;
  const announce = createAnnounce(parts, sources.client);
  const work = wireMetricsApiWork(parts, sources, { announce, holdsLease: () => elector.holds() });
  const reconciler = new Reconciler({
    clock,
    metrics,
    work: new Map([[METRICS_API_KEY, work]]),
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
    handler: leadershipHandler(parts, reconciler, announce),
    onFailure,
  });
  return { elector, reconciler };
}

function leadershipHandler(
  parts: ControllerParts,
  reconciler: Reconciler,
  announce: Announce,
): LeadershipHandler {
  const { config, metrics, logger } = parts;
  return {
    won() {
      metrics.set('kittiwake_controller_leader', 1);
      announce('LeaderElected', `${config.podName} leads`);
      reconciler.start();
    },
    lost(reason) {
      metrics.set('kittiwake_controller_leader', 0);
      logger.warn('election.lost', { reason });
      reconciler.stop();
    },
    failed: message => logger.warn('election.request_failed', { message }),
  };
}

/** Decisions are seen twice: as Events by whoever operates the cluster, and in the log. An Event that gets lost is only logged. */
function createAnnounce(
  { config, clock, random, logger, onFailure }: ControllerParts,
  client: KubeClient,
): Announce {
  const record = createEventRecorder(
    client,
    { clock, random },
    { namespace: config.namespace, name: config.podName },
  );
  const announce = async (reason: string, note: string): Promise<void> => {
    const recorded = await record(reason, note);
    if (!recorded.ok) logger.warn('event.lost', { reason, message: recorded.error.message });
  };
  return (reason, note) => {
    logger.info('decision', { reason, note });
    background(announce(reason, note), 'event', onFailure);
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
