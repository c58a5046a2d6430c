import type { CONTROLLER_METRICS } from '@kittiwake/metrics-catalog';

type All = typeof CONTROLLER_METRICS;

/** Names of the catalogue's metrics of one kind. */
export type MetricName<K extends All[keyof All]['kind']> = {
  [N in keyof All]: All[N]['kind'] extends K ? N : never;
}[keyof All];

/** The labels that a metric takes, exactly those of the catalogue. */
export type LabelsOf<N extends keyof All> = { readonly [L in All[N]['labels'][number]]: string };

type LabelArguments<N extends keyof All> = All[N]['labels'] extends readonly [] ? [] : [labels: LabelsOf<N>];

/** What the rooms call to be seen; every name and label is checked against the catalogue by the compiler. */
export type Metrics = {
  count<N extends MetricName<'counter'>>(name: N, n: number, ...labels: LabelArguments<N>): void;
  set<N extends MetricName<'gauge'>>(name: N, value: number, ...labels: LabelArguments<N>): void;
  observe<N extends MetricName<'histogram'>>(name: N, value: number, ...labels: LabelArguments<N>): void;
};

/** Counts nothing; for tests. */
export const noMetrics: Metrics = { count: () => {}, set: () => {}, observe: () => {} };
