import { LOAD_METRICS } from '../../packages/metrics-catalog/src/load-metrics.ts';
import { SLOS } from '../../packages/metrics-catalog/src/slo.ts';

/** k6's thresholds: a metric, perhaps narrowed by a tag, and what must hold. */
export type Thresholds = { readonly [metric: string]: string[] };

/** Nothing may be lost, come twice or out of order, whatever is done to the cluster. */
const NEVER: Thresholds = {
  [LOAD_METRICS.lost]: ['count==0'],
  [LOAD_METRICS.duplicated]: ['count==0'],
  [LOAD_METRICS.reordered]: ['count==0'],
};

/** Nor be refused, and everybody gets something, where nothing is. */
const WHOLE: Thresholds = {
  ...NEVER,
  [LOAD_METRICS.rejected]: ['count==0'],
  [`${LOAD_METRICS.delivered}{use:chat}`]: ['count>0'],
  [`${LOAD_METRICS.delivered}{use:gaming}`]: ['count>0'],
};

/** `latency`: p95 and p99 of each use under the threshold of its objective. */
export function latencyThresholds(): Thresholds {
  return {
    ...WHOLE,
    [`${LOAD_METRICS.publishToDeliverMs}{use:chat}`]: under(SLOS.chatLatency.thresholdSeconds),
    [`${LOAD_METRICS.publishToDeliverMs}{use:gaming}`]: under(SLOS.gamingLatency.thresholdSeconds),
    checks: ['rate==1'],
  };
}

/** `storm`: somebody was cut, 99 % came back whole, within what full jitter to 30 s allows. */
export function stormThresholds(): Thresholds {
  return {
    ...WHOLE,
    [LOAD_METRICS.cut]: ['count>0'],
    [LOAD_METRICS.resumedRatio]: ['rate>=0.99'],
    [LOAD_METRICS.resumeMs]: ['p(95)<5000', 'p(99)<15000'],
    checks: ['rate==1'],
  };
}

/** `steady`: what may not happen, whatever is done meanwhile. */
export function steadyThresholds(): Thresholds {
  return { ...NEVER, [`${LOAD_METRICS.delivered}{use:chat}`]: ['count>0'], checks: ['rate==1'] };
}

function under(seconds: number): string[] {
  const ms = Math.round(seconds * 1_000);
  return [`p(95)<${ms}`, `p(99)<${ms}`];
}
