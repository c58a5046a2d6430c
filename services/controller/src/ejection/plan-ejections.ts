import type { Fleet, Gateway } from '../fleet/fleet.ts';

/** Take a gateway out of the Services, or put it back. */
export type Ejection = { readonly gateway: Gateway; readonly do: 'eject' | 'return' };

/** Looks in a row in vain that make a gateway one that answers nobody: fewer may be a pause, or a container that starts again. */
export const MISSED_MAX = 3;
/** After so many every second does not count any more: a machine that was switched off is asked at the usual interval. */
const HURRIED_MISSED_MAX = 30;

/**
 * [R35] Who is taken out and who is put back; those that have been silent longest go first where not all may. A gateway is taken out
 * although Kubernetes takes it for ready, and only while others answer: whoever hears nobody is cut off itself. Pure.
 */
export function planEjections({ gateways }: Fleet): readonly Ejection[] {
  const returns = gateways.filter(
    ({ pod, status, missed }) => pod.isEjected && missed === 0 && status !== undefined,
  );
  const inService = gateways.filter(({ pod }) => pod.state === 'ready' && !pod.isEjected);
  const silent = inService
    .filter(({ missed }) => missed >= MISSED_MAX)
    .sort((one, other) => other.missed - one.missed);
  const outOfService = gateways.filter(({ pod }) => pod.isEjected).length - returns.length;
  const room = Math.floor((inService.length + outOfService + returns.length) / 2) - outOfService;
  const isAnyoneThere = inService.some(({ missed }) => missed === 0);
  const ejected = isAnyoneThere ? silent.slice(0, Math.max(0, room)) : [];
  return [
    ...returns.map((gateway): Ejection => ({ gateway, do: 'return' })),
    ...ejected.map((gateway): Ejection => ({ gateway, do: 'eject' })),
  ];
}

/** Whether a gateway has begun to be silent, so that the next look decides: then every second counts. */
export function isSuspicious({ gateways }: Fleet): boolean {
  return gateways.some(
    ({ pod, missed }) => pod.state === 'ready' && missed > 0 && missed <= HURRIED_MISSED_MAX,
  );
}
