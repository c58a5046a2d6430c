/** How many sessions a gateway has; `id` is its pod's uid. */
export type Load = { readonly id: string; readonly sessions: number };

/** Sessions per gateway on average; 0 where there is none. */
export function meanOf(loads: readonly Load[]): number {
  return loads.length === 0 ? 0 : loads.reduce((sum, { sessions }) => sum + sessions, 0) / loads.length;
}

/** How far the farthest gateway is from the mean, in sessions: above or below. */
export function deviationOf(loads: readonly Load[]): number {
  const mean = meanOf(loads);
  return loads.reduce((most, { sessions }) => Math.max(most, Math.abs(sessions - mean)), 0);
}

/** The same as a share of the mean: 0 is even, 1 is an empty gateway or one with twice the mean. 0 where nobody is there. */
export function spreadOf(loads: readonly Load[]): number {
  const mean = meanOf(loads);
  return mean === 0 ? 0 : deviationOf(loads) / mean;
}

/** Whether everybody is within a share of the mean; one session more or less is always allowed, for nobody can be cut in two. */
export function isWithin(loads: readonly Load[], share: number): boolean {
  return deviationOf(loads) <= Math.max(1, share * meanOf(loads));
}

/** How many sessions are missing below the mean: so many would have to move at least until all have the same. */
export function missingOf(loads: readonly Load[]): number {
  const mean = meanOf(loads);
  return loads.reduce((sum, { sessions }) => sum + Math.max(0, mean - sessions), 0);
}
