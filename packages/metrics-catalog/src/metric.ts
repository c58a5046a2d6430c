/** What one metric is. Names follow Prometheus' rules: base units, `_total` for counters, the unit last. */
export type Metric = {
  readonly kind: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  /** Names of its labels; their values are bounded sets, never ids of sessions, users or channels. */
  readonly labels: readonly string[];
  /** Upper bounds of a histogram's buckets, ascending; they include every SLO threshold. */
  readonly buckets?: readonly number[];
  /** Values that a label may have, where the set is closed and somebody selects by one of them. */
  readonly values?: { readonly [label: string]: readonly string[] };
};

/** A named set of metrics. */
export type Catalog = { readonly [name: string]: Metric };
