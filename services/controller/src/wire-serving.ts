import { err, ok } from '@kittiwake/base';
import type { ServingMaterial } from './certificates/serving-material.ts';
import type { ControllerParts } from './controller-parts.ts';
import { createAccessReviewer } from './kube/access-reviews.ts';
import { readFrontProxy } from './kube/front-proxy-source.ts';
import type { KubeClient } from './kube/kube-client.ts';
import type { MaterialStore } from './kube/material-store.ts';
import { Poller } from './kube/poller.ts';
import { type AnswerParts, answer } from './metrics-api/answer.ts';
import { Authorizer } from './metrics-api/authorizer.ts';
import type { FrontProxy } from './metrics-api/front-proxy.ts';
import { MetricsApiServer } from './metrics-api/metrics-api-server.ts';
import { Serving } from './metrics-api/serving.ts';
import type { Gateways } from './wire-gateways.ts';

/** The metrics API, and what it waits for. */
export type WiredServing = {
  readonly serving: Serving;
  readonly server: MetricsApiServer;
  readonly material: Poller<ServingMaterial>;
  readonly frontProxy: Poller<FrontProxy>;
};

/** What serving needs of the other rooms. */
export type ServingSources = {
  readonly client: KubeClient;
  readonly materials: MaterialStore;
  readonly gateways: Gateways;
};

/** Builds the metrics API; it answers from the scrapes of this replica. */
export function wireServing(parts: ControllerParts, sources: ServingSources): WiredServing {
  const { config, clock, metrics, logger, onFailure } = parts;
  const { informer, scraper } = sources.gateways;
  const answers: AnswerParts = {
    frontProxy: () => frontProxy.value,
    authorizer: new Authorizer(createAccessReviewer(sources.client), clock),
    snapshot: () => ({ gateways: informer.objects, samples: scraper.samples, nowMs: clock.monotonicMs() }),
  };
  const server = new MetricsApiServer({ metrics, answer: request => answer(answers, request), onFailure });
  const serving = new Serving({
    server,
    port: config.metricsApiPort,
    onListening: port => logger.info('metrics_api.listening', { port }),
    onFailure,
  });
  const material = pollMaterial(parts, sources.materials, serving);
  const frontProxy = pollFrontProxy(parts, sources.client, serving);
  return { serving, server, material, frontProxy };
}

function pollMaterial(
  parts: ControllerParts,
  materials: MaterialStore,
  serving: Serving,
): Poller<ServingMaterial> {
  return new Poller({
    clock: parts.clock,
    read: async () => {
      const read = await materials.read();
      if (!read.ok) return err(read.error.message);
      return ok(read.value.kind === 'present' ? read.value.material : undefined);
    },
    periods: { untilFoundMs: 500, afterwardsMs: 15_000 },
    isSame: (a, b) => a.certPem === b.certPem && a.keyPem === b.keyPem,
    onChange: material => serving.take({ material }),
    onError: message => parts.logger.warn('certificate.unread', { message }),
    onFailure: parts.onFailure,
  });
}

function pollFrontProxy(parts: ControllerParts, client: KubeClient, serving: Serving): Poller<FrontProxy> {
  return new Poller({
    clock: parts.clock,
    read: () => readFrontProxy(client),
    periods: { untilFoundMs: 2_000, afterwardsMs: 60_000 },
    isSame: (a, b) => JSON.stringify(a) === JSON.stringify(b),
    onChange: proxy => serving.take({ clientCaPem: proxy.caPem }),
    onError: message => parts.logger.warn('front_proxy.unread', { message }),
    onFailure: parts.onFailure,
  });
}
