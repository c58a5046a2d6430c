import { ALL_METRICS, type Metric } from '@kittiwake/metrics-catalog';
import { CONFIG } from '../config.ts';
import { type MatcherFact, promqlFacts, type SelectorFact } from './promql-facts.ts';

/** What a query may name besides the catalogue: recorded series, with their labels. */
export type Recorded = ReadonlyMap<string, readonly string[]>;

/** A series that queries select: the metric it belongs to, and its labels without the scrape's own. */
type Known = { readonly labels: readonly string[]; readonly metric?: Metric };

const VARIABLES: readonly (readonly [RegExp, string])[] = [
  [/\$__rate_interval\b/g, '5m'],
  [/\$__range\b/g, '1h'],
  [/\$(namespace|gateway)\b/g, '.*'],
];

/** The query as Prometheus gets it, for the variables' widest choice. */
export function withoutVariables(query: string): string {
  return VARIABLES.reduce((text, [variable, value]) => text.replaceAll(variable, value), query);
}

/** Everything that is wrong with a query, in words; empty when it is fine (rule O7). */
export function queryProblems(query: string, recorded: Recorded): readonly string[] {
  const facts = promqlFacts(withoutVariables(query));
  const problems = facts.errors.map(piece => `is not PromQL near “${piece}”`);
  for (const selector of facts.selectors) problems.push(...selectorProblems(selector, recorded));
  for (const { label, metrics } of facts.groupings) {
    const known = metrics.some(metric => labelsOf(metric, recorded).includes(label));
    if (!known) problems.push(`groups by ${label}, which none of ${metrics.join(', ')} has`);
  }
  return problems;
}

function selectorProblems({ metric, matchers }: SelectorFact, recorded: Recorded): readonly string[] {
  const known = lookUp(metric, recorded);
  if (known === undefined) return [`names ${metric}, which is not in the catalogue`];
  return matchers.flatMap(matcher => matcherProblems(metric, known, matcher));
}

function matcherProblems(name: string, { labels, metric }: Known, matcher: MatcherFact): readonly string[] {
  const { label, operator, value } = matcher;
  if (label === 'le' && labels.includes('le')) {
    return metric?.buckets?.includes(Number(value)) ? [] : [`${name} has no bucket ${value}`];
  }
  if (!labels.includes(label)) return [`${name} has no label ${label}`];
  const values = metric?.values?.[label];
  if (values === undefined) return [];
  const asked = operator.includes('~') ? value.split('|') : [value];
  return asked.filter(one => !values.includes(one)).map(one => `${name} never has ${label}="${one}"`);
}

function labelsOf(name: string, recorded: Recorded): readonly string[] {
  return lookUp(name, recorded)?.labels ?? [];
}

function lookUp(name: string, recorded: Recorded): Known | undefined {
  const target = CONFIG.targetLabels;
  if (name === 'up') return { labels: target };
  const labels = recorded.get(name);
  if (labels !== undefined) return { labels };
  const whole = ALL_METRICS[name];
  if (whole !== undefined && whole.kind !== 'histogram')
    return { labels: [...target, ...whole.labels], metric: whole };
  const part = /^(.+)_(bucket|sum|count)$/.exec(name);
  const histogram = part?.[1] === undefined ? undefined : ALL_METRICS[part[1]];
  if (histogram?.kind !== 'histogram') return undefined;
  const le = part?.[2] === 'bucket' ? ['le'] : [];
  return { labels: [...target, ...histogram.labels, ...le], metric: histogram };
}
