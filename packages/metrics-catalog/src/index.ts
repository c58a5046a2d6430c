export { LATENCY_SECONDS, LIFETIME_SECONDS, MEMBERS, WAIT_SECONDS } from './buckets.ts';
export { CONTROLLER_METRICS } from './controller-metrics.ts';
export { GATEWAY_METRICS } from './gateway-metrics.ts';
export { LOAD_METRICS } from './load-metrics.ts';
export type { Catalog, Metric } from './metric.ts';
export { SLOS } from './slo.ts';
