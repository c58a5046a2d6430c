import type { ControllerParts } from './controller-parts.ts';
import { KubeClient } from './kube/kube-client.ts';
import { createMaterialStore } from './kube/material-store.ts';
import { OperationsServer } from './operations/operations-server.ts';
import { unreadyReasons } from './operations/readiness.ts';
import { wireGateways } from './wire-gateways.ts';
import { wireLeadership } from './wire-leadership.ts';
import { wireServing } from './wire-serving.ts';

/** A whole controller. */
export type Controller = { start(): Promise<void>; stop(): Promise<void> };

/** Builds everything and starts nothing. */
export function wireController(parts: ControllerParts): Controller {
  const { config, metrics, onFailure } = parts;
  const client = new KubeClient(parts.access, parts.clock);
  const materials = createMaterialStore(client, config.namespace);
  const gateways = wireGateways(parts, client);
  const { informer, scraper } = gateways;
  const { serving, server, material, frontProxy } = wireServing(parts, { client, materials, gateways });
  const { elector, reconciler } = wireLeadership(parts, {
    client,
    materials,
    onStored: () => material.refresh(),
  });
  let isStopping = false;
  const operations = new OperationsServer({
    unreadyReasons: () =>
      unreadyReasons({
        isServing: serving.isServing,
        hasListedGateways: informer.hasListed,
        hasScraped: scraper.hasFinishedRound,
        isStopping,
      }),
    exposition: async () => ({ contentType: metrics.contentType, text: await metrics.exposition() }),
    onFailure,
  });
  return {
    async start() {
      await operations.start(config.operationsPort);
      for (const part of [informer, material, frontProxy, elector]) part.start();
    },
    async stop() {
      isStopping = true;
      await elector.stop();
      for (const part of [reconciler, informer, scraper, material, frontProxy]) part.stop();
      await server.stop();
      await operations.stop();
      client.stop();
    },
  };
}
