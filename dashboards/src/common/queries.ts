import { CONTROLLER_METRICS, type GATEWAY_METRICS, type RUNTIME_METRICS } from '@kittiwake/metrics-catalog';

/** One line, or family of lines, of a panel. */
export type Query = { readonly expr: string; readonly legend: string };

type All = typeof GATEWAY_METRICS & typeof CONTROLLER_METRICS & typeof RUNTIME_METRICS;

/** Names of the catalogue's metrics; a query cannot be written over any other. */
export type MetricName<K extends All[keyof All]['kind'] = All[keyof All]['kind']> = {
  [N in keyof All]: All[N]['kind'] extends K ? N : never;
}[keyof All];

/** How a query is narrowed and grouped. */
export type Shape = {
  /** Labels to sum by. @default none: one line */
  readonly by?: readonly string[];
  /** More matchers, as `result="acked"`. */
  readonly where?: string;
};

/** The matchers of the boards' variables. Controllers are not gateways: they are selected by namespace only. */
export const SELECTED = 'namespace=~"$namespace", pod=~"$gateway"';
const SELECTED_NAMESPACE = 'namespace=~"$namespace"';

/** A series with the board's selection. */
export function series(metric: MetricName, where?: string): string {
  const selected = Object.hasOwn(CONTROLLER_METRICS, metric) ? SELECTED_NAMESPACE : SELECTED;
  return `${metric}{${where === undefined ? selected : `${selected}, ${where}`}}`;
}

/** Events a second of a counter. */
export function perSecond(metric: MetricName<'counter'>, shape: Shape = {}): string {
  return `${aggregate('sum', shape.by)}(rate(${series(metric, shape.where)}[$__rate_interval]))`;
}

/** Events of a counter over the range that the board shows. */
export function inRange(metric: MetricName<'counter'>, shape: Shape = {}): string {
  return `${aggregate('sum', shape.by)}(increase(${series(metric, shape.where)}[$__range]))`;
}

/** Sum of a gauge. */
export function total(metric: MetricName<'gauge'>, shape: Shape = {}): string {
  return `${aggregate('sum', shape.by)}(${series(metric, shape.where)})`;
}

/** The largest value of a gauge. */
export function largest(metric: MetricName<'gauge'>, shape: Shape = {}): string {
  return `${aggregate('max', shape.by)}(${series(metric, shape.where)})`;
}

/** A quantile of a histogram, in the histogram's own unit. */
export function quantile(q: number, metric: MetricName<'histogram'>, shape: Shape = {}): string {
  return `histogram_quantile(${q}, ${buckets(metric, shape)})`;
}

/** Rates of a histogram's buckets: for quantiles and heat maps. */
export function buckets(metric: MetricName<'histogram'>, shape: Shape = {}): string {
  const by = ['le', ...(shape.by ?? [])];
  return `${aggregate('sum', by)}(rate(${histogramSeries(metric, 'bucket', shape.where)}[$__rate_interval]))`;
}

/** The mean of a histogram. */
export function mean(metric: MetricName<'histogram'>, shape: Shape = {}): string {
  const by = aggregate('sum', shape.by);
  const rateOf = (part: 'sum' | 'count'): string =>
    `${by}(rate(${histogramSeries(metric, part, shape.where)}[$__rate_interval]))`;
  return `${rateOf('sum')} / ${rateOf('count')}`;
}

/** The three percentiles that latency panels draw. */
export function percentiles(metric: MetricName<'histogram'>, shape: Shape = {}): readonly Query[] {
  return [0.5, 0.95, 0.99].map(q => ({ expr: quantile(q, metric, shape), legend: `p${q * 100}` }));
}

function histogramSeries(
  metric: MetricName<'histogram'>,
  part: 'bucket' | 'sum' | 'count',
  where?: string,
): string {
  return series(metric, where).replace(metric, `${metric}_${part}`);
}

function aggregate(operator: 'sum' | 'max', by: readonly string[] = []): string {
  return by.length === 0 ? `${operator} ` : `${operator} by (${by.join(', ')}) `;
}
