import type { Metrics } from '../../../src/metrics/metrics.ts';
import type { Scene } from './scene.ts';

/** What gateways count that a batch of seeds has to have seen. */
const COUNTED: ReadonlySet<string> = new Set([
  'kittiwake_gaps_total',
  'kittiwake_broker_failovers_total',
  'kittiwake_broker_canary_lost_total',
  'kittiwake_rate_limited_total',
]);

/** Metrics of all gateways of a world: what a batch has to have seen is counted, the rest dropped. */
export function sceneMetrics(scene: Scene): Metrics {
  return {
    count: (name, _n, ..._labels) => {
      if (COUNTED.has(name)) scene.count(name);
    },
    set: () => {},
    add: () => {},
    observe: () => {},
  };
}
