import type { Millis } from '@kittiwake/base';

/** Warn `warningsMax` times within `windowMs`, then disconnect. */
export type ViolationPolicy = { readonly warningsMax: number; readonly windowMs: Millis };

/** Violations of the window that began at `sinceMs` (monotonic). */
export type Violations = { readonly count: number; readonly sinceMs: Millis };

/** Nothing held against anybody. */
export const NO_VIOLATIONS: Violations = { count: 0, sinceMs: Number.NEGATIVE_INFINITY };

/**
 * Judges one more violation (rule L3). A window begins with its first violation and forgets everything when it is over;
 * once the verdict is `disconnect` it stays so for the rest of the window.
 */
export function violate(
  violations: Violations,
  policy: ViolationPolicy,
  nowMs: Millis,
): { readonly violations: Violations; readonly verdict: 'warn' | 'disconnect' } {
  const over = nowMs - violations.sinceMs >= policy.windowMs;
  const next = over
    ? { count: 1, sinceMs: nowMs }
    : { count: violations.count + 1, sinceMs: violations.sinceMs };
  return { violations: next, verdict: next.count > policy.warningsMax ? 'disconnect' : 'warn' };
}
