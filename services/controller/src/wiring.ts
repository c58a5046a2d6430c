import { background, type Clock, type FailureSink, ok, type Random, type Result } from '@kittiwake/base';
import { LIFETIMES, type ServingMaterial } from './certificates/serving-material.ts';
import type { ControllerConfig } from './config/controller-config.ts';
import { Elector } from './election/elector.ts';
import type { GatewayPod } from './gateways/gateway-pod.ts';
import { createHttpScrape } from './gateways/http-scrape.ts';
import { Scraper } from './gateways/scraper.ts';
import { createAccessReviewer } from './kube/access-reviews.ts';
import { readApiService, trustCa } from './kube/api-service-store.ts';
import type { ClusterAccess } from './kube/cluster-access.ts';
import { createEventRecorder } from './kube/event-recorder.ts';
import { readFrontProxy } from './kube/front-proxy-source.ts';
import { Informer } from './kube/informer.ts';
import { KubeClient } from './kube/kube-client.ts';
import type { KubeError } from './kube/kube-error.ts';
import { createLeaseStore } from './kube/lease-store.ts';
import { createMaterialStore, type MaterialStore } from './kube/material-store.ts';
import { createPodSource } from './kube/pod-source.ts';
import { Poller } from './kube/poller.ts';
import { answer } from './metrics-api/answer.ts';
import { Authorizer } from './metrics-api/authorizer.ts';
import type { FrontProxy } from './metrics-api/front-proxy.ts';
import { METRIC } from './metrics-api/metric-values.ts';
import { MetricsApiServer } from './metrics-api/metrics-api-server.ts';
import { OperationsServer } from './operations/operations-server.ts';
import { unreadyReasons } from './operations/readiness.ts';
import type { ApplyError } from './reconcile/apply.ts';
import { createMetricsApiWork, METRICS_API_KEY } from './reconcile/metrics-api-work.ts';
import { Reconciler } from './reconcile/reconciler.ts';
import type { Logger } from './telemetry/logger.ts';
import type { PrometheusMetrics } from './telemetry/prometheus-metrics.ts';

/** What a controller is given. `onFailure` hears of broken beliefs of our own code: the process ends, Kubernetes starts it anew. */
export type ControllerParts = {
  readonly config: ControllerConfig;
  readonly access: ClusterAccess;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly metrics: PrometheusMetrics;
  readonly onFailure: FailureSink;
};

/** A whole controller. */
export type Controller = { start(): Promise<void>; stop(): Promise<void> };

const RESYNC_MS = 30_000;

/** Builds everything and starts nothing. */
export function wireController(parts: ControllerParts): Controller {
  const { config, clock, onFailure } = parts;
  const client = new KubeClient(parts.access, clock);
  const materials = createMaterialStore(client, config.namespace);
  const { informer, scraper } = wireGateways(parts, client);
  const serving = wireServing(parts, { client, materials, informer, scraper });
  const { elector, reconciler } = wireLeadership(parts, {
    client,
    materials,
    onStored: () => serving.material.refresh(),
  });
  let isStopping = false;
  const operations = new OperationsServer({
    unreadyReasons: () =>
      unreadyReasons({
        isServing: serving.isServing(),
        hasListedGateways: informer.hasListed,
        hasScraped: scraper.hasFinishedRound,
        isStopping,
      }),
    exposition: async () => ({
      contentType: parts.metrics.contentType,
      text: await parts.metrics.exposition(),
    }),
    onFailure,
  });
  return {
    async start() {
      await operations.start(config.operationsPort);
      informer.start();
      serving.material.start();
      serving.frontProxy.start();
      elector.start();
    },
    async stop() {
      isStopping = true;
      reconciler.stop();
      await elector.stop();
      informer.stop();
      scraper.stop();
      serving.material.stop();
      serving.frontProxy.stop();
      await serving.server.stop();
      await operations.stop();
      client.stop();
    },
  };
}

type Gateways = { readonly informer: Informer<GatewayPod>; readonly scraper: Scraper };

function wireGateways(parts: ControllerParts, client: KubeClient): Gateways {
  const { config, clock, random, metrics, logger, onFailure } = parts;
  const scraper: Scraper = new Scraper({
    clock,
    metrics,
    scrape: createHttpScrape(clock, config.gatewayOperationsPort, { metric: METRIC }),
    intervalMs: config.scrapeIntervalMs,
    gateways: () => informer.objects,
    onError: (pod, error) =>
      logger.warn('scrape.failed', { pod: pod.name, kind: error.kind, message: error.message }),
    onFailure,
  });
  const informer: Informer<GatewayPod> = new Informer({
    clock,
    random,
    source: createPodSource(client, config.namespace, config.gatewaySelector),
    key: pod => pod.uid,
    onChange: () => {
      scraper.start();
      // The first round follows the first list at once: readiness waits for it.
      if (!scraper.hasFinishedRound) background(scraper.round(), 'scrape', onFailure);
      for (const state of ['ready', 'not_ready', 'terminating'] as const) {
        const count = [...informer.objects.values()].filter(pod => pod.state === state).length;
        metrics.set('kittiwake_controller_gateways', count, { state });
      }
    },
    onRelist: reason => {
      metrics.count('kittiwake_controller_relists_total', 1, { reason });
      logger.info('gateways.listed', { reason });
    },
    onFailure,
  });
  return { informer, scraper };
}

type ServingParts = Gateways & { readonly client: KubeClient; readonly materials: MaterialStore };
type Serving = {
  readonly server: MetricsApiServer;
  readonly material: Poller<ServingMaterial>;
  readonly frontProxy: Poller<FrontProxy>;
  isServing(): boolean;
};

/** The server starts when both its certificate and the CA of its callers are known, and follows both from then on. */
function wireServing(
  parts: ControllerParts,
  { client, materials, informer, scraper }: ServingParts,
): Serving {
  const { config, clock, metrics, logger, onFailure } = parts;
  const authorizer = new Authorizer(createAccessReviewer(client), clock);
  const server = new MetricsApiServer({
    metrics,
    answer: request =>
      answer(
        {
          frontProxy: () => frontProxy.value,
          authorizer,
          snapshot: () => ({
            gateways: informer.objects,
            samples: scraper.samples,
            nowMs: clock.monotonicMs(),
          }),
        },
        request,
      ),
    onFailure,
  });
  let phase: 'waiting' | 'starting' | 'serving' = 'waiting';
  const begin = async (certificate: ServingMaterial, proxy: FrontProxy): Promise<void> => {
    const port = await server.start(config.metricsApiPort, certificate, proxy.caPem);
    phase = 'serving';
    logger.info('metrics_api.listening', { port });
    follow();
  };
  const follow = (): void => {
    const certificate = material.value;
    const proxy = frontProxy.value;
    if (certificate === undefined || proxy === undefined || phase === 'starting') return;
    if (phase === 'serving') {
      server.secure(certificate, proxy.caPem);
    } else {
      phase = 'starting';
      background(begin(certificate, proxy), 'metrics_api.start', onFailure);
    }
  };
  const material: Poller<ServingMaterial> = new Poller({
    clock,
    read: async () => {
      const read = await materials.read();
      if (!read.ok) return { ok: false, error: read.error.message };
      return ok(read.value.kind === 'present' ? read.value.material : undefined);
    },
    periods: { untilFoundMs: 500, afterwardsMs: 15_000 },
    isSame: (a, b) => a.certPem === b.certPem && a.keyPem === b.keyPem,
    onChange: follow,
    onError: message => logger.warn('certificate.unread', { message }),
    onFailure,
  });
  const frontProxy: Poller<FrontProxy> = new Poller({
    clock,
    read: () => readFrontProxy(client),
    periods: { untilFoundMs: 2_000, afterwardsMs: 60_000 },
    isSame: (a, b) => JSON.stringify(a) === JSON.stringify(b),
    onChange: follow,
    onError: message => logger.warn('front_proxy.unread', { message }),
    onFailure,
  });
  return { server, material, frontProxy, isServing: () => phase === 'serving' };
}

type LeadershipParts = {
  readonly client: KubeClient;
  readonly materials: MaterialStore;
  readonly onStored: () => void;
};

function wireLeadership(
  parts: ControllerParts,
  { client, materials, onStored }: LeadershipParts,
): { elector: Elector; reconciler: Reconciler } {
  const { config, clock, random, metrics, logger, onFailure } = parts;
  const record = createEventRecorder(
    client,
    { clock, random },
    { namespace: config.namespace, name: config.podName },
  );
  const announce = (reason: string, note: string): void => {
    logger.info('decision', { reason, note });
    background(record(reason, note), 'event', onFailure);
  };
  const hosts = serviceHosts(config.serviceName, config.namespace);
  const desired = { hosts, apiServices: config.apiServices };
  const observing = {
    readMaterial: async () => toApply(await materials.read()),
    readApiService: async (name: string) => toApply(await readApiService(client, name)),
  };
  const ports = {
    holdsLease: () => elector.holds(),
    storeMaterial: async (...[material, over]: Parameters<MaterialStore['write']>) => {
      const written = await materials.write(material, over);
      if (written.ok) onStored();
      return toApply(written);
    },
    trust: async (name: string, caPem: string) => toApply(await trustCa(client, name, caPem)),
    announce,
  };
  const work = createMetricsApiWork(observing, desired, {
    ports,
    clock,
    random,
    hosts,
    lifetimes: LIFETIMES,
  });
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
    leases: createLeaseStore(client, clock, { namespace: config.namespace, name: config.lease.name }),
    rules: { ...config.lease, identity: `${config.podName}_${random.hex(4)}` },
    handler: {
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
    },
    onFailure,
  });
  return { elector, reconciler };
}

/** Names under which a Service is called; the API server uses `<service>.<namespace>.svc`. */
function serviceHosts(service: string, namespace: string): readonly string[] {
  return [`${service}.${namespace}.svc`, `${service}.${namespace}.svc.cluster.local`];
}

function toApply<T>(result: Result<T, KubeError>): Result<T, ApplyError> {
  return result.ok ? result : { ok: false, error: { kind: 'cluster', message: result.error.message } };
}
