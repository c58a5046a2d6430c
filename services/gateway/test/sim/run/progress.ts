import type { Tally } from './tally.ts';

/** A line that says how far a run is: `12,000 of 1,000,000 seeds · 312/s · 0 broke a promise · 53 min left`. */
export function progressLine(tally: Tally, wanted: number, elapsedMs: number): string {
  const perSecond = tally.seeds / Math.max(elapsedMs / 1_000, 0.001);
  const leftSeconds = (wanted - tally.seeds) / Math.max(perSecond, 0.001);
  return [
    `${thousands(tally.seeds)} of ${thousands(wanted)} seeds`,
    `${perSecond.toFixed(0)}/s`,
    `${tally.findings.length} broke a promise`,
    `${duration(leftSeconds)} left`,
  ].join(' · ');
}

/** What a whole run came to, in a few lines. */
export function summary(tally: Tally, elapsedMs: number): string {
  const perSecond = (tally.seeds / elapsedMs) * 1_000;
  const hours = tally.simulatedMs / 3_600_000;
  return [
    `${thousands(tally.seeds)} seeds in ${duration(elapsedMs / 1_000)}: ${perSecond.toFixed(1)} seeds/s`,
    `${hours.toFixed(1)} hours of a cluster, ${thousands(tally.events)} events, ${thousands(tally.counts.get('deliveries') ?? 0)} deliveries, ${thousands(tally.counts.get('faults') ?? 0)} faults`,
  ].join('\n');
}

function duration(seconds: number): string {
  return seconds < 120 ? `${seconds.toFixed(0)} s` : `${(seconds / 60).toFixed(0)} min`;
}

function thousands(count: number): string {
  return count.toLocaleString('en');
}
