export { type Child, type ChildOptions, startChild } from './child-process.ts';
export { createFakeClock, type FakeClock } from './fake-clock.ts';
export { freePort } from './free-port.ts';
export { type GatewayProcess, type GatewayProcessOptions, startGatewayProcess } from './gateway-process.ts';
export { killChild } from './kill-child.ts';
export {
  canMakeNamespaces,
  createNamespaces,
  type NamespacedHost,
  type NamespacedNetwork,
} from './network-namespaces.ts';
export {
  hasRedis,
  type RedisAddress,
  type RedisOptions,
  type RedisServer,
  skipWithoutRedis,
  startRedis,
} from './redis-server.ts';
export { createSeededRandom } from './seeded-random.ts';
export {
  type SentinelTier,
  startSentinelTier,
  type TierAccess,
  type TierOptions,
  type TierPlace,
} from './sentinel-tier.ts';
export { fromPlainCallback } from './sim/from-plain-callback.ts';
export { SimEvent, type SimPlace } from './sim/sim-event.ts';
export { SimHost, type SimHostPhase } from './sim/sim-host.ts';
export { SimLoop } from './sim/sim-loop.ts';
export { SimNetwork, type SimNetworkOptions } from './sim/sim-network.ts';
export { type PipeTrouble, SimPipe } from './sim/sim-pipe.ts';
export { startTcpProxy, type TcpProxy } from './tcp-proxy.ts';
export { elapse, type UntilOptions, until, untilEvent } from './until.ts';
