import { REFUSED_BY_US, SLOS } from '@kittiwake/metrics-catalog';

/** Which of the table's objectives. */
export type SloName = keyof typeof SLOS;

export const SLO_NAMES = Object.keys(SLOS) as SloName[];

/** Words for names that Prometheus shows: `chatLatency` is `chat-latency`. */
export function sloSlug(name: SloName): string {
  return name.replaceAll(/[A-Z]/g, letter => `-${letter.toLowerCase()}`);
}

/**
 * Ratio of bad events to all events over `window`, one series per namespace. Without traffic it is NaN, which alerts
 * of nothing; a kind of bad event that never happened counts as zero, because its series does not exist.
 */
export function errorRatio(name: SloName, window: string): string {
  switch (name) {
    case 'chatLatency':
    case 'gamingLatency':
      return slowRatio(SLOS[name].thresholdSeconds, window);
    case 'publishAvailability':
      return failedRatio('kittiwake_publications_total', window, {
        bad: 'failed|unknown',
        all: 'acked|duplicate|failed|unknown',
      });
    case 'connectAvailability':
      return failedRatio('kittiwake_handshakes_total', window, {
        bad: REFUSED_BY_US.join('|'),
        all: ['accepted', ...REFUSED_BY_US].join('|'),
      });
    default:
      return assertNever(name);
  }
}

function slowRatio(thresholdSeconds: number, window: string): string {
  const metric = 'kittiwake_publish_to_deliver_seconds';
  const within = `sum by (namespace) (rate(${metric}_bucket{le="${thresholdSeconds}"}[${window}]))`;
  return `1 - ${within} / sum by (namespace) (rate(${metric}_count[${window}]))`;
}

/** Refusals that are the client's own fault are neither good nor bad: they are not in `all`. */
function failedRatio(
  metric: string,
  window: string,
  results: { readonly bad: string; readonly all: string },
): string {
  const of = (result: string): string =>
    `sum by (namespace) (rate(${metric}{result=~"${result}"}[${window}]))`;
  return `(${of(results.bad)} or 0 * ${of(results.all)}) / ${of(results.all)}`;
}

function assertNever(value: never): never {
  throw new Error(`no such objective: ${String(value)}`);
}
