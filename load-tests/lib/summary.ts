/** What k6 hands to `handleSummary`, as far as it is used. */
export type SummaryData = {
  readonly metrics: {
    readonly [name: string]: {
      readonly type: string;
      readonly values: { readonly [statistic: string]: number };
      readonly thresholds?: { readonly [threshold: string]: { readonly ok: boolean } };
    };
  };
  readonly state: { readonly testRunDurationMs: number };
};

/** Which run it was. */
export type RunName = { readonly scenario: string; readonly profile: string; readonly url: string };

/** Texts by where k6 writes them: `stdout`, or a file. */
export type SummaryOutput = { readonly [destination: string]: string };

const STATISTICS: { readonly [type: string]: readonly string[] } = {
  trend: ['med', 'p(95)', 'p(99)', 'max'],
  rate: ['rate'],
  counter: ['count'],
};

/** The table for people and, where a directory is given, the JSON file for programs. */
export function summarise(data: SummaryData, run: RunName, resultsDir: string | undefined): SummaryOutput {
  const stdout = `${table(data, run)}\n`;
  if (resultsDir === undefined) return { stdout };
  return {
    stdout,
    [`${resultsDir}/${run.scenario}-${run.profile}.json`]: `${JSON.stringify(record(data, run), undefined, 2)}\n`,
  };
}

/** Whether every threshold held. */
export function passed(data: SummaryData): boolean {
  return Object.values(data.metrics).every(({ thresholds = {} }) =>
    Object.values(thresholds).every(({ ok }) => ok),
  );
}

function table(data: SummaryData, run: RunName): string {
  const lines = Object.entries(data.metrics)
    .filter(([name]) => name.startsWith('kittiwake_'))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, metric]) => `  ${mark(metric.thresholds)} ${name.padEnd(52)} ${figures(metric)}`);
  const broken = Object.entries(data.metrics).flatMap(([name, { thresholds = {} }]) =>
    Object.entries(thresholds).flatMap(([threshold, { ok }]) =>
      ok ? [] : [`  broken: ${name} ${threshold}`],
    ),
  );
  const seconds = (data.state.testRunDurationMs / 1_000).toFixed(1);
  const verdict = passed(data) ? 'every threshold held' : 'thresholds were broken';
  const title = `${run.scenario}, profile ${run.profile}, ${run.url}, ${seconds} s: ${verdict}`;
  return ['', title, '', ...lines, ...broken, ''].join('\n');
}

function figures({ type, values }: SummaryData['metrics'][string]): string {
  return (STATISTICS[type] ?? [])
    .flatMap(name => (values[name] === undefined ? [] : [`${name}=${figure(name, values[name], type)}`]))
    .join('  ');
}

function figure(name: string, value: number, type: string): string {
  if (name === 'rate') return `${(value * 100).toFixed(2)}%`;
  return type === 'trend' ? `${Math.round(value * 10) / 10}ms` : String(value);
}

function mark(thresholds: SummaryData['metrics'][string]['thresholds']): string {
  if (thresholds === undefined) return ' ';
  return Object.values(thresholds).every(({ ok }) => ok) ? '✓' : '✗';
}

function record(data: SummaryData, run: RunName): object {
  const metrics = Object.fromEntries(
    Object.entries(data.metrics)
      .filter(([name]) => name.startsWith('kittiwake_') || name === 'checks')
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, { values, thresholds }]) => [
        name,
        { values, ...(thresholds === undefined ? {} : { thresholds }) },
      ]),
  );
  return { ...run, passed: passed(data), durationMs: data.state.testRunDurationMs, metrics };
}
