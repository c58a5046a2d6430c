import { ok, type Result } from '@kittiwake/base';
import type { FleetPorts } from '../fleet/fleet-ports.ts';
import { type ApplyError, NOT_LEADING } from '../reconcile/apply.ts';
import type { ReconcileWork } from '../reconcile/reconciler.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { type Ejection, planEjections } from './plan-ejections.ts';

/** What taking gateways out of the Services calls; `inService` as the label shall say. */
export type EjectionPorts = FleetPorts & {
  setInService(pod: string, inService: boolean): Promise<Result<void, ApplyError>>;
};

/** One look, and the changes of labels that follow from it. A second one before the first is seen does no harm. */
export function createEjectionWork(ports: EjectionPorts, metrics: Metrics): ReconcileWork {
  return async () => {
    for (const ejection of planEjections(ports.fleet())) {
      if (!ports.holdsLease()) return NOT_LEADING;
      const { name, uid } = ejection.gateway.pod;
      const set = await ports.setInService(name, ejection.do === 'return');
      if (!set.ok) return set;
      metrics.count('kittiwake_gateway_ejections_total', 1, { do: ejection.do });
      const { reason, note } = describeEjection(ejection);
      ports.announce(reason, note, { kind: 'Pod', name, uid });
    }
    return ok();
  };
}

function describeEjection({ gateway, do: what }: Ejection): {
  readonly reason: string;
  readonly note: string;
} {
  const { pod, missed } = gateway;
  const where = pod.node === undefined ? pod.name : `${pod.name} on ${pod.node}`;
  return what === 'eject'
    ? {
        reason: 'GatewayEjected',
        note: `${where} did not answer ${missed} times in a row: no client is sent to it`,
      }
    : { reason: 'GatewayReturned', note: `${where} answers again: clients are sent to it` };
}
