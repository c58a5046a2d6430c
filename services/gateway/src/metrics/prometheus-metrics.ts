import { assertNever } from '@kittiwake/base';
import { GATEWAY_METRICS, type Metric, RUNTIME_METRICS } from '@kittiwake/metrics-catalog';
import { Counter, Gauge, Histogram, Registry } from '@prometheus-io/client';
import type { Metrics } from './metrics.ts';
import { recordRuntime } from './runtime-metrics.ts';

/** What a scrape answers. */
export type Rendered = { readonly contentType: string; readonly body: string };

/** Metrics that can be scraped. */
export type PrometheusMetrics = Metrics & {
  /** All metrics of the catalogue, and the Node runtime's own, in the Prometheus text format. */
  render(): Promise<Rendered>;
};

type Labels = { readonly [name: string]: string };
type Child = { change(value: number): void; assign(value: number): void; appear(): void };
type Family = { child(labels: Labels | undefined): Child };

/** Children of one metric; more label values than these are counted together as `other` (rule O11). */
const CHILDREN_MAX = 256;

/**
 * Builds every metric of the catalogue in a registry of its own. Children are bound once per set of label values, so
 * the hot path is a map lookup and an addition (rule O10). `runtime: false` leaves out the Node runtime's metrics.
 */
export function createPrometheusMetrics(options: { readonly runtime?: boolean } = {}): PrometheusMetrics {
  const registry = new Registry();
  const withRuntime = options.runtime !== false;
  const families = new Map<string, Family>();
  const catalog = { ...GATEWAY_METRICS, ...(withRuntime && RUNTIME_METRICS) };
  for (const [name, metric] of Object.entries<Metric>(catalog)) {
    families.set(name, createFamily(metric, binder(name, metric, registry)));
  }
  const child = (name: string, labels: readonly Labels[]): Child | undefined =>
    families.get(name)?.child(labels[0]);
  const recorder = {
    count: (name: string, n: number, ...labels: readonly Labels[]) => child(name, labels)?.change(n),
    set: (name: string, value: number, ...labels: readonly Labels[]) => child(name, labels)?.assign(value),
    add: (name: string, by: number, ...labels: readonly Labels[]) => child(name, labels)?.change(by),
    observe: (name: string, value: number, ...labels: readonly Labels[]) =>
      child(name, labels)?.change(value),
  };
  const readRuntime = withRuntime ? recordRuntime(recorder) : () => {};
  return {
    ...recorder,
    render: async () => {
      readRuntime();
      return { contentType: registry.contentType, body: await registry.metrics() };
    },
  };
}

/** Makes the bound child of one set of label values. */
type Bind = (labels: Labels) => Child;

function binder(name: string, metric: Metric, registry: Registry): Bind {
  const common = { name, help: metric.help, labelNames: metric.labels, registers: [registry] };
  switch (metric.kind) {
    case 'counter': {
      const counter = new Counter<string>(common);
      return labels => {
        const bound = counter.labels(labels);
        return { change: n => bound.inc(n), assign: () => {}, appear: () => bound.inc(0) };
      };
    }
    case 'gauge': {
      const gauge = new Gauge<string>(common);
      return labels => {
        const bound = gauge.labels(labels);
        return { change: by => bound.inc(by), assign: value => bound.set(value), appear: () => bound.inc(0) };
      };
    }
    case 'histogram': {
      const histogram = new Histogram<string>({ ...common, buckets: [...(metric.buckets ?? [])] });
      return labels => {
        const bound = histogram.labels(labels);
        return {
          change: value => bound.observe(value),
          assign: () => {},
          appear: () => histogram.zero(labels),
        };
      };
    }
    default:
      return assertNever(metric.kind);
  }
}

function createFamily(metric: Metric, bind: Bind): Family {
  const children = new Map<string, Child>();
  const find = (labels: Labels): Child => {
    const key = metric.labels.map(label => labels[label] ?? '').join('\u0000');
    const known = children.get(key);
    if (known !== undefined) return known;
    const other = children.size >= CHILDREN_MAX - 1;
    const values = Object.fromEntries(
      metric.labels.map(label => [label, other ? 'other' : (labels[label] ?? '')]),
    );
    const made = bind(values);
    if (!other) children.set(key, made);
    return made;
  };
  for (const labels of declaredLabels(metric)) find(labels).appear();
  const only = metric.labels.length === 0 ? find({}) : undefined;
  return { child: labels => only ?? find(labels ?? {}) };
}

/** Every set of label values that the catalogue lists, so that they are exported as 0 before they first happen (rule O12). */
function declaredLabels(metric: Metric): readonly Labels[] {
  const values = metric.values;
  if (values === undefined || metric.labels.some(label => values[label] === undefined)) return [];
  return metric.labels.reduce<readonly Labels[]>(
    (sets, label) => sets.flatMap(set => (values[label] ?? []).map(value => ({ ...set, [label]: value }))),
    [{}],
  );
}
