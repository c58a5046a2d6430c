import type { Fleet } from '../fleet/fleet.ts';
import { isScaleInNear } from '../fleet/scale-in.ts';
import { costOf } from './cost-bucket.ts';

/** Set the deletion cost of the pod called `pod`. */
export type CostPatch = { readonly pod: string; readonly cost: number };

/**
 * [R32] Whose cost is set to what: nobody's unless a scale-in is near, then those whose bucket is another than what stands there. A gateway
 * that is not ready is taken away before all others anyway; one that has not answered lately keeps what it has.
 */
export function planCosts(fleet: Fleet): readonly CostPatch[] {
  if (!isScaleInNear(fleet)) return [];
  return fleet.gateways.flatMap(({ pod, status }) => {
    if (pod.state !== 'ready' || status === undefined) return [];
    const cost = costOf(status.sessions, pod.deletionCost);
    return cost === pod.deletionCost ? [] : [{ pod: pod.name, cost }];
  });
}
