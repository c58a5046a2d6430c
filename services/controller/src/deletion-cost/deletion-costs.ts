import { ok, type Result } from '@kittiwake/base';
import type { FleetPorts } from '../fleet/fleet-ports.ts';
import { type ApplyError, NOT_LEADING } from '../reconcile/apply.ts';
import type { ReconcileWork } from '../reconcile/reconciler.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { planCosts } from './plan-costs.ts';

/** What setting deletion costs calls. */
export type DeletionCostPorts = Pick<FleetPorts, 'fleet' | 'holdsLease'> & {
  setCost(pod: string, cost: number): Promise<Result<void, ApplyError>>;
};

/** One look, and the patches that follow from it, one after the other: the emptiest first, for it is the one that counts. */
export function createDeletionCostWork(ports: DeletionCostPorts, metrics: Metrics): ReconcileWork {
  return async () => {
    const patches = [...planCosts(ports.fleet())].sort((a, b) => a.cost - b.cost);
    for (const { pod, cost } of patches) {
      if (!ports.holdsLease()) return NOT_LEADING;
      const set = await ports.setCost(pod, cost);
      if (!set.ok) return set;
      metrics.count('kittiwake_deletion_cost_patches_total', 1);
    }
    return ok();
  };
}
