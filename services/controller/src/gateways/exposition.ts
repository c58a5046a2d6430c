import { err, ok, type Result } from '@kittiwake/base';

/** Why a metric could not be read from a scrape. */
export type ExpositionError = { readonly kind: 'absent' | 'malformed'; readonly message: string };

const SAMPLE = /^(?<labels>\{(?:[^"{}]|"(?:[^"\\]|\\.)*")*\})?[ \t]+(?<value>[^ \t]+)(?:[ \t]+-?\d+)?[ \t]*$/;
const LINE_LENGTH_MAX = 8_192;

/**
 * The sum of all samples called `name` in Prometheus' text format 0.0.4. Lines of other metrics are not judged; a line of this one
 * that cannot be read, or is not a finite number ≥ 0, spoils the whole answer: no number is better than a wrong one.
 */
export function sumOf(text: string, name: string): Result<number, ExpositionError> {
  let sum: number | undefined;
  for (const line of text.split('\n')) {
    if (!line.startsWith(name)) continue;
    const rest = line.slice(name.length).replace(/\r$/, '');
    if (!/^[{ \t]/.test(rest)) continue;
    const value = rest.length > LINE_LENGTH_MAX ? undefined : readValue(rest);
    if (value === undefined) return err({ kind: 'malformed', message: `cannot read "${line.slice(0, 80)}"` });
    sum = (sum ?? 0) + value;
  }
  return sum === undefined ? err({ kind: 'absent', message: `${name} is not there` }) : ok(sum);
}

function readValue(rest: string): number | undefined {
  const text = SAMPLE.exec(rest)?.groups?.['value'];
  if (text === undefined || !/^[+]?[0-9.]+(e[+-]?\d+)?$/i.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) && value >= 0 ? value : undefined;
}
