import type { Fleet, Gateway } from '../src/fleet/fleet.ts';
import type { GatewayPod } from '../src/gateways/gateway-pod.ts';
import type { GatewayStatus } from '../src/gateways/gateway-status.ts';

/** A pod called `name` that is ready, with changes. */
export function aPod(name: string, changes: Partial<GatewayPod> = {}): GatewayPod {
  return {
    uid: name,
    name,
    namespace: 'kittiwake',
    labels: new Map(),
    ip: `ip-${name}`,
    state: 'ready',
    node: 'node-1',
    templateHash: 'new',
    drainAskedAt: undefined,
    deletionCost: undefined,
    isEjected: false,
    ...changes,
  };
}

/** What a gateway says that serves 100 sessions, with changes. */
export function aStatus(gateway: string, changes: Partial<GatewayStatus> = {}): GatewayStatus {
  return {
    gateway,
    version: '0.1.0',
    phase: 'serving',
    connections: 100,
    sessions: 100,
    channels: 10,
    sheddingLeft: undefined,
    broker: 'ready',
    startedAtMs: 1_000,
    ...changes,
  };
}

/** A gateway of a fleet that was asked at the time 0; `status: null` for one that does not answer. */
export function aGateway(
  name: string,
  changes: { readonly pod?: Partial<GatewayPod>; readonly status?: Partial<GatewayStatus> | null } = {},
): Gateway {
  const pod = aPod(name, changes.pod);
  if (changes.status === null)
    return { pod, status: undefined, seenAtMs: Number.NEGATIVE_INFINITY, missed: 1 };
  return { pod, status: aStatus(name, changes.status), seenAtMs: 0, missed: 0 };
}

/** These gateways at the time 0, as many as the Deployment wants, of the template `new`. */
export function aFleet(gateways: readonly Gateway[], changes: Partial<Fleet> = {}): Fleet {
  return {
    nowMs: 0,
    gateways,
    deployment: {
      uid: 'deployment',
      name: 'gateway',
      replicas: gateways.length,
      rebalance: 'on',
      rebalanceAskedAtMs: undefined,
    },
    templates: [
      { name: 'gateway-old', hash: 'old', revision: 1 },
      { name: 'gateway-new', hash: 'new', revision: 2 },
    ],
    autoscaler: undefined,
    ...changes,
  };
}
