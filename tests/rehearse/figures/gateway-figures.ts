import type { Figure } from '../../drill/report/promises.ts';
import type { GatewayLife } from '../cluster/gateway-pod.ts';
import type { Census } from '../cluster/gateway-watch.ts';
import { isWithin, type Span } from './evidence.ts';

/** How far the farthest of these is from the mean, as a share of it; nought where nobody is there. */
export function spreadOf(sessions: readonly number[]): number {
  const mean = sessions.reduce((sum, count) => sum + count, 0) / Math.max(1, sessions.length);
  return mean === 0 ? 0 : Math.max(...sessions.map(count => Math.abs(count - mean))) / mean;
}

/** Sessions of those that serve. */
export function servingSessions({ readings }: Census): readonly number[] {
  return readings.filter(({ isServing }) => isServing).map(({ sessions }) => sessions);
}

/**
 * From `fromMs` until that many gateways were within `share` of their mean, in milliseconds; `undefined` where that was
 * never seen.
 */
export function evenAfterMs(
  censuses: readonly Census[],
  { fromMs, gateways, share }: { readonly fromMs: number; readonly gateways: number; readonly share: number },
): number | undefined {
  const even = censuses.find(census => {
    const sessions = servingSessions(census);
    return census.atMs >= fromMs && sessions.length === gateways && spreadOf(sessions) <= share;
  });
  return even === undefined ? undefined : Math.max(0, even.atMs - fromMs);
}

/** Of those that were asked to go, who had clearly more sessions than another one that stayed. `play` is a share. */
export function notTheEmptiest(
  gone: readonly GatewayLife[],
  stayed: readonly GatewayLife[],
  { censuses, play }: { readonly censuses: readonly Census[]; readonly play: number },
): readonly GatewayLife[] {
  const least = (atMs: number): number => {
    const census = censuses.findLast(one => one.atMs <= atMs);
    const names = new Set(stayed.map(({ name }) => name));
    const sessions = (census?.readings ?? []).filter(({ name }) => names.has(name)).map(one => one.sessions);
    return Math.min(...sessions);
  };
  return gone.filter(({ terminatingMs, sessionsAtEnd }) => {
    const limit = least(terminatingMs ?? 0) * (1 + play) + 1;
    return (sessionsAtEnd ?? 0) > limit;
  });
}

/** Whether a pod ended by itself, with time to spare: its exit says so, and it was gone before its grace period was over. */
export function endedByItself({ terminatingMs, goneMs, graceSeconds, exitCode }: GatewayLife): boolean {
  if (terminatingMs === undefined || goneMs === undefined || graceSeconds === undefined) return false;
  return goneMs - terminatingMs < 1_000 * graceSeconds && (exitCode === undefined || exitCode === 0);
}

/** The worst delay of an event loop and the most memory of a gateway, in the spans. */
export function strainFigures(
  censuses: readonly Census[],
  spans: readonly Span[],
  limits: { readonly lagMs?: number; readonly memoryMiB?: number } = {},
): readonly Figure[] {
  const readings = censuses.filter(({ atMs }) => isWithin(atMs, spans)).flatMap(census => census.readings);
  const { lagMs, memoryMiB } = limits;
  return [
    {
      what: 'event-loop lag of a gateway, p99 of five seconds, worst',
      value: Math.round(Math.max(0, ...readings.map(reading => reading.lagMs))),
      unit: 'ms',
      ...(lagMs !== undefined && { atMost: lagMs }),
    },
    {
      what: 'memory of a gateway, most',
      value: Math.round(Math.max(0, ...readings.map(reading => reading.memoryMiB))),
      unit: 'MiB',
      ...(memoryMiB !== undefined && { atMost: memoryMiB }),
    },
  ];
}
