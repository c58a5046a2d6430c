import { Counter, Rate, Trend } from 'k6/metrics';
import { LOAD_METRICS } from '../../packages/metrics-catalog/src/load-metrics.ts';
import type { Measures } from './measures-port.ts';
import type { Use } from './uses.ts';

/** k6 makes metrics while it loads the script: one set, shared by every virtual user. */
const metrics = {
  publishToDeliver: new Trend(LOAD_METRICS.publishToDeliverMs, true),
  publishToAck: new Trend(LOAD_METRICS.publishToAckMs, true),
  resume: new Trend(LOAD_METRICS.resumeMs, true),
  resumed: new Rate(LOAD_METRICS.resumedRatio),
  lost: new Counter(LOAD_METRICS.lost),
  duplicated: new Counter(LOAD_METRICS.duplicated),
  reordered: new Counter(LOAD_METRICS.reordered),
  refused: new Counter(LOAD_METRICS.refused),
  cut: new Counter(LOAD_METRICS.cut),
  rejected: new Counter(LOAD_METRICS.rejected),
  told: new Counter(LOAD_METRICS.told),
  published: new Counter(LOAD_METRICS.published),
  delivered: new Counter(LOAD_METRICS.delivered),
};

/** Measures of one use. Counters begin with a zero each: k6 does not judge a threshold on a metric without a value. */
export function k6Measures(use: Use): Measures {
  const tags = { use };
  const counter = (metric: Counter) => {
    metric.add(0, tags);
    return (n: number): void => metric.add(n, tags);
  };
  return {
    deliveredAfter: ms => {
      metrics.publishToDeliver.add(ms, tags);
      metrics.delivered.add(1, tags);
    },
    ackedAfter: ms => {
      metrics.publishToAck.add(ms, tags);
      metrics.published.add(1, tags);
    },
    resumedAfter: ms => metrics.resume.add(ms, tags),
    resumed: whole => metrics.resumed.add(whole, tags),
    lost: counter(metrics.lost),
    duplicated: counter(metrics.duplicated),
    reordered: counter(metrics.reordered),
    refused: counter(metrics.refused),
    cut: counter(metrics.cut),
    rejected: counter(metrics.rejected),
    told: counter(metrics.told),
  };
}
