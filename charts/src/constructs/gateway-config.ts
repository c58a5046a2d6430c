import { rolloutBudget } from '../rollout-budget.ts';
import type { Values } from '../values.ts';

/** Name of the group that the Sentinels watch. */
export const MASTER_GROUP = 'kittiwake';

/** The ports of a gateway. */
export const GATEWAY_PORTS = { clients: 8_000, api: 8_100, operations: 8_200 } as const;

/** The gateways' configuration file as a value; a test loads it with the gateway's own loader, so that neither side drifts. */
export function gatewayConfig(values: Values): object {
  const { gateway, redis } = values;
  const { readinessDelaySeconds, acceptPerSecond, handoverPerSecond } = gateway.budget;
  const { holdSeconds, windowSeconds, graceSeconds, preStopSeconds } = rolloutBudget(values);
  return {
    ports: GATEWAY_PORTS,
    origins: gateway.origins,
    trustedProxies: gateway.trustedProxies,
    limits: { connections: gateway.connectionsMax, connectionsPerAddress: gateway.connectionsPerAddressMax },
    // More than drains and rebalancing count on: who moves is not refused for others that come.
    admission: {
      perSecond: acceptPerSecond,
      floorPerSecond: Math.ceil(acceptPerSecond / 10),
      burst: Math.floor(acceptPerSecond / 2),
    },
    drain: {
      readinessDelay: `${readinessDelaySeconds}s`,
      hold: `${holdSeconds}s`,
      window: `${windowSeconds}s`,
      ratePerSecond: handoverPerSecond,
      // What is left of terminationGracePeriodSeconds when preStop is over.
      grace: `${graceSeconds - preStopSeconds}s`,
    },
    broker: {
      kind: 'sentinel',
      sentinels: Array.from({ length: redis.sentinels }, (_, index) => `sentinel-${index}:26379`),
      master: MASTER_GROUP,
      username: 'gateway',
      sentinelUsername: 'gateway',
    },
    channels: gateway.channels,
  };
}
