import { assertExists } from '@kittiwake/base';
import { CONTROLLER_METRICS, type Metric } from '@kittiwake/metrics-catalog';
import { Counter, Gauge, Histogram, Registry } from '@prometheus-io/client';
import type { Metrics } from './metrics.ts';

/** The catalogue's metrics, and their text for a scrape. */
export type PrometheusMetrics = Metrics & { exposition(): Promise<string>; readonly contentType: string };

/** Makes a registry that holds exactly CONTROLLER_METRICS. Label-less gauges and counters start at 0. */
export function createPrometheusMetrics(): PrometheusMetrics {
  const registry = new Registry();
  const counters = new Map<string, Counter<string>>();
  const gauges = new Map<string, Gauge<string>>();
  const histograms = new Map<string, Histogram<string>>();
  const catalog: Readonly<Record<string, Metric>> = CONTROLLER_METRICS;
  for (const [name, metric] of Object.entries(catalog)) {
    const options = { name, help: metric.help, labelNames: [...metric.labels], registers: [registry] };
    if (metric.kind === 'counter') counters.set(name, new Counter(options));
    else if (metric.kind === 'gauge') gauges.set(name, new Gauge(options));
    else histograms.set(name, new Histogram({ ...options, buckets: [...(metric.buckets ?? [])] }));
  }
  return {
    count: (name, n, ...[labels]) => assertExists(counters.get(name), name).inc({ ...labels }, n),
    set: (name, value, ...[labels]) => assertExists(gauges.get(name), name).set({ ...labels }, value),
    observe: (name, value, ...[labels]) =>
      assertExists(histograms.get(name), name).observe({ ...labels }, value),
    exposition: () => registry.metrics(),
    contentType: registry.contentType,
  };
}
