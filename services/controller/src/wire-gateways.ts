import { background } from '@kittiwake/base';
import type { ControllerParts } from './controller-parts.ts';
import { type Autoscaler, toAutoscaler } from './fleet/autoscaler.ts';
import { type Fleet, isLeaving, toFleet } from './fleet/fleet.ts';
import { type GatewayDeployment, toGatewayDeployment } from './fleet/gateway-deployment.ts';
import { type TemplateRevision, toTemplateRevision } from './fleet/template-revision.ts';
import { EXCHANGE_LIMITS } from './gateways/gateway-http.ts';
import { type GatewayPod, toGatewayPod } from './gateways/gateway-pod.ts';
import { createHttpScrape } from './gateways/http-scrape.ts';
import { createHttpStatus } from './gateways/http-status.ts';
import { Scraper } from './gateways/scraper.ts';
import { Informer } from './kube/informer.ts';
import type { KubeClient } from './kube/kube-client.ts';
import { createObjectSource, type ObjectSelection } from './kube/object-source.ts';
import { METRIC } from './metrics-api/metric-values.ts';

/** The gateways of this moment, what they said last, and what stands above them. */
export type Gateways = {
  readonly informer: Informer<GatewayPod>;
  /** That one, and those of Deployment, ReplicaSets and autoscaler. */
  readonly informers: readonly { start(): void; stop(): void }[];
  readonly scraper: Scraper;
  readonly fleet: () => Fleet;
  /** [R34] Whether all of it was listed: half a view says that nothing is rolled out, and worse. */
  readonly isKnown: () => boolean;
};

/** Who hears of changes: a round of scrapes is over; a pod, or something above them, is another than before. */
export type GatewayListener = {
  /** Whether every second counts, besides for gateways that leave. */
  isHurried(): boolean;
  roundOver(): void;
  changed(): void;
};

/** Builds what watches and scrapes the gateways. */
export function wireGateways(
  parts: ControllerParts,
  client: KubeClient,
  listener: GatewayListener,
): Gateways {
  const { clock, onFailure } = parts;
  const scraper: Scraper = wireScraper(parts, () => informer.objects, {
    roundOver: () => listener.roundOver(),
    isHurried: () => listener.isHurried() || fleet().gateways.some(isLeaving),
  });
  const informer = wirePods(parts, client, () => {
    countGateways(parts, informer.objects);
    scraper.start();
    // The first round follows the first list at once: readiness waits for it.
    if (!scraper.hasFinishedRound) background(scraper.round(), 'scrape', onFailure);
    listener.changed();
  });
  const { deployments, replicaSets, autoscalers } = wireAbove(parts, client, () => listener.changed());
  const fleet = (): Fleet =>
    toFleet({
      nowMs: clock.monotonicMs(),
      pods: informer.objects.values(),
      statuses: scraper.statuses,
      missed: scraper.missed,
      statusAgeMaxMs: 2 * parts.config.scrapeIntervalMs + EXCHANGE_LIMITS.timeoutMs,
      deployment: [...deployments.objects.values()][0],
      templates: [...replicaSets.objects.values()],
      autoscaler: [...autoscalers.objects.values()][0],
    });
  const informers = [informer, deployments, replicaSets, autoscalers];
  const isKnown = (): boolean => informers.every(({ hasListed }) => hasListed);
  return { informer, informers, scraper, fleet, isKnown };
}

function wirePods(parts: ControllerParts, client: KubeClient, onChange: () => void): Informer<GatewayPod> {
  const { namespace, gatewaySelector } = parts.config;
  const selection: ObjectSelection<GatewayPod> = {
    path: `/api/v1/namespaces/${namespace}/pods`,
    query: { labelSelector: gatewaySelector },
    decode: toGatewayPod,
  };
  return wireInformer(
    parts,
    { client, selection, event: 'gateways.listed', key: ({ uid }) => uid },
    onChange,
  );
}

function countGateways({ metrics }: ControllerParts, gateways: ReadonlyMap<string, GatewayPod>): void {
  for (const state of ['ready', 'not_ready', 'terminating'] as const) {
    const count = [...gateways.values()].filter(pod => pod.state === state).length;
    metrics.set('kittiwake_controller_gateways', count, { state });
  }
  const ejected = [...gateways.values()].filter(({ isEjected }) => isEjected).length;
  metrics.set('kittiwake_gateways_ejected', ejected);
}

function wireScraper(
  { config, clock, metrics, logger, onFailure }: ControllerParts,
  gateways: () => ReadonlyMap<string, GatewayPod>,
  { isHurried, roundOver }: { isHurried(): boolean; roundOver(): void },
): Scraper {
  const port = config.gatewayOperationsPort;
  return new Scraper({
    clock,
    metrics,
    scrape: createHttpScrape(clock, port, { metric: METRIC }),
    look: createHttpStatus(clock, port),
    intervalMs: config.scrapeIntervalMs,
    gateways,
    isHurried,
    onRound: roundOver,
    onError: (pod, error) =>
      logger.warn('scrape.failed', { pod: pod.name, kind: error.kind, message: error.message }),
    onFailure,
  });
}

/** [R34] One object by its name is listed and watched like a set: that it is not there is an answer as well. */
function wireAbove(parts: ControllerParts, client: KubeClient, onChange: () => void) {
  const { namespace, handover, gatewaySelector } = parts.config;
  const named = (name: string) => ({ fieldSelector: `metadata.name=${name}` });
  const apps = `/apis/apps/v1/namespaces/${namespace}`;
  const inform = <T extends { readonly name: string }>(selection: ObjectSelection<T>): Informer<T> =>
    wireInformer(parts, { client, selection, event: 'above.listed', key: ({ name }) => name }, onChange);
  return {
    deployments: inform<GatewayDeployment>({
      path: `${apps}/deployments`,
      query: named(handover.deployment),
      decode: toGatewayDeployment,
    }),
    replicaSets: inform<TemplateRevision>({
      path: `${apps}/replicasets`,
      query: { labelSelector: gatewaySelector },
      decode: toTemplateRevision,
    }),
    autoscalers: inform<Autoscaler>({
      path: `/apis/autoscaling/v2/namespaces/${namespace}/horizontalpodautoscalers`,
      query: named(handover.autoscaler),
      decode: toAutoscaler,
    }),
  };
}

/** What an informer watches, and what it is called in the log. */
type Watched<T> = {
  readonly client: KubeClient;
  readonly selection: ObjectSelection<T>;
  readonly event: string;
  readonly key: (object: T) => string;
};

function wireInformer<T>(
  { clock, random, metrics, logger, onFailure }: ControllerParts,
  { client, selection, event, key }: Watched<T>,
  onChange: () => void,
): Informer<T> {
  return new Informer<T>({
    clock,
    random,
    source: createObjectSource(client, selection),
    key,
    onChange,
    onRelist: reason => {
      metrics.count('kittiwake_controller_relists_total', 1, { reason });
      logger.info(event, { path: selection.path, reason });
    },
    onFailure,
  });
}
