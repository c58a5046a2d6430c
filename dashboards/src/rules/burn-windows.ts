import type { Severity } from './rule-file.ts';

/** One pair of windows: the long one says that it matters, the short one that it still goes on. */
export type BurnWindow = {
  /** How many times faster than the budget allows. */
  readonly factor: number;
  readonly long: string;
  readonly short: string;
};

/** An alert of an objective: either of its windows is enough. */
export type BurnAlert = {
  readonly suffix: 'Page' | 'Ticket';
  readonly severity: Severity;
  readonly windows: readonly BurnWindow[];
};

/**
 * The multi-window, multi-burn-rate alerts of a 30-day objective (Google SRE Workbook, chapter 5; Sloth's google-30d):
 * 2 % of the budget in an hour, 5 % in six hours, 10 % in a day, 10 % in three days.
 */
export const BURN_ALERTS: readonly BurnAlert[] = [
  {
    suffix: 'Page',
    severity: 'critical',
    windows: [
      { factor: 14.4, long: '1h', short: '5m' },
      { factor: 6, long: '6h', short: '30m' },
    ],
  },
  {
    suffix: 'Ticket',
    severity: 'warning',
    windows: [
      { factor: 3, long: '1d', short: '2h' },
      { factor: 1, long: '3d', short: '6h' },
    ],
  },
];

/** Every window that an alert looks at, shortest first. */
export const WINDOWS = ['5m', '30m', '1h', '2h', '6h', '1d', '3d'] as const;
