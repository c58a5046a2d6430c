/** What one metric is. Names follow Prometheus' rules: base units, `_total` for counters, the unit last. */
export type Metric = {
  readonly kind: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  /** Names of its labels; their values are bounded sets, never ids of sessions, users or channels. */
  readonly labels: readonly string[];
  /** Upper bounds of a histogram's buckets, ascending; they include every SLO threshold. */
  readonly buckets?: readonly number[];
};

/** A named set of metrics. */
export type Catalog = { readonly [name: string]: Metric };
