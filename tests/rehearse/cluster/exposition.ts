/** Samples of a page of metrics: `name{labels}` as it is written, and the value. */
export type Samples = ReadonlyMap<string, number>;

/** Reads the text format of Prometheus; lines that are none are passed over. */
export function parseExposition(text: string): Samples {
  const samples = new Map<string, number>();
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const end = line.lastIndexOf(' ');
    const value = Number(line.slice(end + 1));
    if (end > 0 && !Number.isNaN(value)) samples.set(line.slice(0, end), value);
  }
  return samples;
}

/** The sum of a metric over those of its series that have all the given labels, each as `name="value"`. */
export function sumOf(samples: Samples, metric: string, ...labels: readonly string[]): number {
  let sum = 0;
  for (const [series, value] of samples) {
    if (series !== metric && !series.startsWith(`${metric}{`)) continue;
    if (labels.every(label => series.includes(label))) sum += value;
  }
  return sum;
}
