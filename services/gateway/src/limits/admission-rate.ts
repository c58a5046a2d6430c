import type { Millis } from '@kittiwake/base';

/** Between what the rate moves, and what makes it move. */
export type AdmissionBounds = {
  /** New connections per second of a gateway that has nothing else to suffer from. */
  readonly perSecondMax: number;
  /** What is left of that in the worst case: a gateway that lets nobody in would never be found to be well again. */
  readonly perSecondMin: number;
};

/** What a gateway feels of what it has let in. */
export type AdmissionReading = {
  /** Since the last reading. */
  readonly elapsedMs: Millis;
  /** How late the event loop was at worst since the last reading. */
  readonly lagMs: Millis;
  /** Whether the broker takes what those who come will ask of it. */
  readonly brokerReady: boolean;
};

/** What holds newcomers up: the configured rate alone, that the gateway has just started, or what made the rate fall. */
export const ADMISSION_LIMITS = ['rate', 'start', 'event_loop', 'broker'] as const;
export type AdmissionLimit = (typeof ADMISSION_LIMITS)[number];

/** The rate, what it is limited by, and how long it is left alone after it fell: what was let in is still being worked off. */
export type AdmissionRate = {
  readonly perSecond: number;
  readonly limitedBy: AdmissionLimit;
  readonly settlesForMs: Millis;
};

/** Below this lag the rate rises, above the other one it falls; a client notices neither. */
const LAG = { calmMs: 40, highMs: 100 };
/** A fall takes this share of the rate; a rise adds that share of the maximum in a second, a greater one until something was felt. */
const FALL = 0.5;
const RISE_PER_SECOND = { start: 0.5, usual: 0.1 } as const;
const SETTLE_MS: Millis = 500;
/** What a gateway begins with, of the maximum: its code is cold, and costs several times what it will. */
const COLD_SHARE = 0.25;

/** The rate of a gateway that is well and warm. */
export function fullRate({ perSecondMax }: AdmissionBounds): AdmissionRate {
  return { perSecond: perSecondMax, limitedBy: 'rate', settlesForMs: 0 };
}

/** The rate of a gateway that starts. */
export function coldRate({ perSecondMin, perSecondMax }: AdmissionBounds): AdmissionRate {
  const perSecond = Math.max(perSecondMin, COLD_SHARE * perSecondMax);
  return { perSecond, limitedBy: 'start', settlesForMs: 0 };
}

/** What the rate will be `inMs` from now, if nothing speaks against it; what places in time are given out by. */
export function expectedPerSecond(
  { perSecond, limitedBy }: AdmissionRate,
  { perSecondMax }: AdmissionBounds,
  inMs: Millis,
): number {
  const rise = RISE_PER_SECOND[limitedBy === 'start' ? 'start' : 'usual'];
  return Math.min(perSecondMax, perSecond + (perSecondMax * rise * Math.max(0, inMs)) / 1_000);
}

/**
 * The rate that follows a reading (SPEC L6): it falls by a share and rises by a step, so that gateways which share a machine
 * or a broker end up with equal shares of what it can take. Pure.
 */
export function nextRate(
  rate: AdmissionRate,
  { elapsedMs, lagMs, brokerReady }: AdmissionReading,
  { perSecondMin, perSecondMax }: AdmissionBounds,
): AdmissionRate {
  const settlesForMs = Math.max(0, rate.settlesForMs - elapsedMs);
  if (lagMs >= LAG.highMs || !brokerReady) {
    const limitedBy = lagMs >= LAG.highMs ? 'event_loop' : 'broker';
    if (settlesForMs > 0) return { ...rate, settlesForMs };
    const perSecond = Math.max(perSecondMin, rate.perSecond * FALL);
    return { perSecond, limitedBy, settlesForMs: SETTLE_MS };
  }
  if (lagMs >= LAG.calmMs || settlesForMs > 0) return { ...rate, settlesForMs };
  const perSecond = expectedPerSecond(rate, { perSecondMin, perSecondMax }, elapsedMs);
  if (perSecond >= perSecondMax) return { perSecond: perSecondMax, limitedBy: 'rate', settlesForMs };
  return { ...rate, perSecond, settlesForMs };
}
