import { CONTROLLER_METRICS } from './controller-metrics.ts';
import { GATEWAY_METRICS } from './gateway-metrics.ts';
import type { Catalog } from './metric.ts';
import { RUNTIME_METRICS } from './runtime-metrics.ts';

/** Every metric that a board or a rule may name, of all the programs together. */
export const ALL_METRICS: Catalog = { ...GATEWAY_METRICS, ...CONTROLLER_METRICS, ...RUNTIME_METRICS };
