import { background } from '@kittiwake/base';
import type { ControllerParts } from './controller-parts.ts';
import type { GatewayPod } from './gateways/gateway-pod.ts';
import { createHttpScrape } from './gateways/http-scrape.ts';
import { Scraper } from './gateways/scraper.ts';
import { Informer } from './kube/informer.ts';
import type { KubeClient } from './kube/kube-client.ts';
import { createPodSource } from './kube/pod-source.ts';
import { METRIC } from './metrics-api/metric-values.ts';

/** The gateways of this moment, and what they said last. */
export type Gateways = { readonly informer: Informer<GatewayPod>; readonly scraper: Scraper };

/** Builds what watches and scrapes the gateways. */
export function wireGateways(parts: ControllerParts, client: KubeClient): Gateways {
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
      countGateways(parts, informer.objects);
      scraper.start();
      // The first round follows the first list at once: readiness waits for it.
      if (!scraper.hasFinishedRound) background(scraper.round(), 'scrape', onFailure);
    },
    onRelist: reason => {
      metrics.count('kittiwake_controller_relists_total', 1, { reason });
      logger.info('gateways.listed', { reason });
    },
    onFailure,
  });
  return { informer, scraper };
}

function countGateways({ metrics }: ControllerParts, gateways: ReadonlyMap<string, GatewayPod>): void {
  for (const state of ['ready', 'not_ready', 'terminating'] as const) {
    const count = [...gateways.values()].filter(pod => pod.state === state).length;
    metrics.set('kittiwake_controller_gateways', count, { state });
  }
}
