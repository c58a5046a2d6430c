import type { ControllerParts } from './controller-parts.ts';
import { KubeClient } from './kube/kube-client.ts';
import { createMaterialStore } from './kube/material-store.ts';
import { OperationsServer } from './operations/operations-server.ts';
import { type Conditions, unreadyReasons } from './operations/readiness.ts';
import { wireGateways } from './wire-gateways.ts';
import { type Leadership, wireLeadership } from './wire-leadership.ts';
import { wireServing } from './wire-serving.ts';

/** A whole controller. */
export type Controller = { start(): Promise<void>; stop(): Promise<void> };

/** Builds everything and starts nothing. */
export function wireController(parts: ControllerParts): Controller {
  const client = new KubeClient(parts.access, parts.clock);
  const materials = createMaterialStore(client, parts.config.namespace);
  const gateways = wireGateways(parts, client, {
    isHurried: () => leadership.isHurried(),
    roundOver: () => leadership.reconciler.enqueue('ejection', 'drains', 'rebalance', 'status'),
    changed: () => leadership.reconciler.enqueue('drains', 'deletion-cost', 'status'),
  });
  const { informer, scraper } = gateways;
  const { serving, server, material, frontProxy } = wireServing(parts, { client, materials, gateways });
  const leadership: Leadership = wireLeadership(parts, {
    client,
    materials,
    gateways,
    onStored: () => material.refresh(),
  });
  let isStopping = false;
  const operations = wireOperations(parts, () => ({
    isServing: serving.isServing,
    hasListedGateways: informer.hasListed,
    hasScraped: scraper.hasFinishedRound,
    isStopping,
  }));
  return {
    async start() {
      await operations.start(parts.config.operationsPort);
      for (const part of [...gateways.informers, material, frontProxy, leadership.elector]) part.start();
    },
    async stop() {
      isStopping = true;
      await leadership.elector.stop();
      for (const part of [leadership.reconciler, ...gateways.informers, scraper]) part.stop();
      for (const part of [material, frontProxy]) part.stop();
      await server.stop();
      await operations.stop();
      client.stop();
    },
  };
}

function wireOperations(
  { metrics, onFailure }: ControllerParts,
  conditions: () => Conditions,
): OperationsServer {
  return new OperationsServer({
    unreadyReasons: () => unreadyReasons(conditions()),
    exposition: async () => ({ contentType: metrics.contentType, text: await metrics.exposition() }),
    onFailure,
  });
}
