export { LATENCY_SECONDS, LIFETIME_SECONDS, MEMBERS, WAIT_SECONDS } from './buckets.ts';
export { ALL_METRICS } from './catalog.ts';
export { CONTROLLER_METRICS } from './controller-metrics.ts';
export { GATEWAY_METRICS } from './gateway-metrics.ts';
export { HANDSHAKE_RESULTS, REFUSED_BY_US } from './handshake-results.ts';
export { LOAD_METRICS } from './load-metrics.ts';
export type { Catalog, Metric } from './metric.ts';
export { RUNTIME_METRICS } from './runtime-metrics.ts';
export { SLOS, type Slo } from './slo.ts';
