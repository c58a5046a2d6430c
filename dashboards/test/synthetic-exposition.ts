import { ALL_METRICS, type Metric } from '@kittiwake/metrics-catalog';

/** Values of labels whose set is not closed in the catalogue. */
const SAMPLES: { readonly [label: string]: readonly string[] } = {
  operation: ['publish', 'read'],
  reason: ['drained', 'normal'],
};

/** What a gateway and a controller in one would expose on their `scrape`-th scrape: every metric, every closed label value. */
export function syntheticExposition(scrape: number): string {
  return Object.entries(ALL_METRICS)
    .flatMap(([name, metric]) => [
      `# HELP ${name} ${metric.help}`,
      `# TYPE ${name} ${metric.kind}`,
      ...labelSets(metric).flatMap(labels => samples({ name, metric, labels }, scrape)),
    ])
    .join('\n')
    .concat('\n');
}

type Series = { readonly name: string; readonly metric: Metric; readonly labels: string };

function samples({ name, metric, labels }: Series, scrape: number): readonly string[] {
  if (metric.kind !== 'histogram') {
    return [`${name}${braces(labels)} ${metric.kind === 'counter' ? scrape * 10 : 1}`];
  }
  const bounds = metric.buckets ?? [];
  const below = (index: number): number => scrape * (index + 1);
  const count = below(bounds.length);
  return [
    ...bounds.map((bound, index) => `${name}_bucket${braces(labels, `le="${bound}"`)} ${below(index)}`),
    `${name}_bucket${braces(labels, 'le="+Inf"')} ${count}`,
    `${name}_sum${braces(labels)} ${count / 10}`,
    `${name}_count${braces(labels)} ${count}`,
  ];
}

/** One set per value: enough for every matcher to find something. */
function labelSets({ labels, values }: Metric): readonly string[] {
  const columns = labels.map(label => values?.[label] ?? SAMPLES[label] ?? ['x']);
  const rows = Math.max(1, ...columns.map(column => column.length));
  return Array.from({ length: rows }, (_, row) =>
    labels
      .map((label, column) => `${label}="${columns[column]?.[row % (columns[column]?.length ?? 1)]}"`)
      .join(','),
  );
}

function braces(...labels: readonly string[]): string {
  const present = labels.filter(label => label !== '');
  return present.length === 0 ? '' : `{${present.join(',')}}`;
}
