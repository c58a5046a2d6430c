import type { Metrics } from './metrics.ts';

type Labels = { readonly [name: string]: string };
type Name = Parameters<Metrics['count' | 'set' | 'observe']>[0];

/** Metrics in memory, for tests: every value is kept and can be asked for. */
export type RecordingMetrics = Metrics & {
  /** The value of a counter or gauge; without labels, the sum over all label values. 0 where nothing was recorded. */
  value(name: Name, labels?: Labels): number;
  /** Everything put into a histogram, in order. */
  observations(name: Name, labels?: Labels): readonly number[];
  reset(): void;
};

/** Makes metrics that record. Kept honest by the contract test that it shares with the Prometheus ones. */
export function createRecordingMetrics(): RecordingMetrics {
  const values = new Map<string, Map<string, number>>();
  const observed = new Map<string, Map<string, number[]>>();
  const change = (name: string, by: number, labels: Labels | undefined): void => {
    const series = seriesOf(values, name);
    series.set(keyOf(labels), (series.get(keyOf(labels)) ?? 0) + by);
  };
  return {
    count: (name, n, ...labels) => change(name, n, labels[0]),
    add: (name, by, ...labels) => change(name, by, labels[0]),
    set: (name, value, ...labels) => void seriesOf(values, name).set(keyOf(labels[0]), value),
    observe(name, value, ...labels) {
      const series = seriesOf(observed, name);
      const key = keyOf(labels[0]);
      const kept = series.get(key);
      if (kept === undefined) series.set(key, [value]);
      else kept.push(value);
    },
    value(name, labels) {
      const series = seriesOf(values, name);
      if (labels !== undefined) return series.get(keyOf(labels)) ?? 0;
      return [...series.values()].reduce((sum, value) => sum + value, 0);
    },
    observations(name, labels) {
      const series = seriesOf(observed, name);
      return labels === undefined ? [...series.values()].flat() : (series.get(keyOf(labels)) ?? []);
    },
    reset() {
      values.clear();
      observed.clear();
    },
  };
}

function seriesOf<T>(all: Map<string, Map<string, T>>, name: string): Map<string, T> {
  const series = all.get(name) ?? new Map<string, T>();
  all.set(name, series);
  return series;
}

function keyOf(labels: Labels | undefined): string {
  return JSON.stringify(Object.entries(labels ?? {}).sort());
}
