import type { Fleet, Gateway } from './fleet.ts';

/** How far a change of the Deployment's template has come. */
export type Rollout = {
  /** The template that all gateways shall have; `undefined` where no ReplicaSet is known. */
  readonly newestHash: string | undefined;
  readonly wanted: number;
  /** Gateways of the newest template that are ready, and that there are. */
  readonly newestReady: number;
  readonly newest: number;
  /** Gateways of older templates that may still be sent clients, and that there are. */
  readonly olderServing: number;
  readonly older: number;
};

/** Counts the gateways of the newest template and of older ones. */
export function rolloutOf({ gateways, templates, deployment }: Fleet): Rollout {
  const newestHash = templates.reduce<Fleet['templates'][number] | undefined>(
    (best, template) => (best === undefined || template.revision > best.revision ? template : best),
    undefined,
  )?.hash;
  const isOld = ({ pod }: Gateway): boolean =>
    newestHash !== undefined && pod.templateHash !== undefined && pod.templateHash !== newestHash;
  const older = gateways.filter(isOld);
  const newest = gateways.filter(gateway => !isOld(gateway) && gateway.pod.state !== 'terminating');
  return {
    newestHash,
    wanted: deployment?.replicas ?? 0,
    newestReady: newest.filter(({ pod }) => pod.state === 'ready').length,
    newest: newest.length,
    olderServing: older.filter(mayBeSentClients).length,
    older: older.length,
  };
}

/** A pod that was deleted serves on until balancers have forgotten it; then it is told to stop, and says that it is held. */
function mayBeSentClients({ pod, status }: Gateway): boolean {
  return pod.state !== 'terminating' || status?.phase === 'serving';
}

/** Whether gateways of two templates live side by side. */
export function isRollingOut({ older }: Rollout): boolean {
  return older > 0;
}
