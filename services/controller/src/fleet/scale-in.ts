import type { Fleet } from './fleet.ts';
import { isRollingOut, rolloutOf } from './rollout.ts';

/**
 * Whether gateways are about to be taken away: the autoscaler wants fewer or waits with it, or the Deployment wants fewer than
 * there are. During a rollout there are more than are wanted, which says nothing.
 */
export function isScaleInNear(fleet: Fleet): boolean {
  const { autoscaler, deployment, gateways } = fleet;
  if (autoscaler?.isWaitingToScaleIn === true) return true;
  if (autoscaler !== undefined && autoscaler.desiredReplicas < autoscaler.currentReplicas) return true;
  if (deployment === undefined || isRollingOut(rolloutOf(fleet))) return false;
  return deployment.replicas < gateways.filter(({ pod }) => pod.state !== 'terminating').length;
}
