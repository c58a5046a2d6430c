import type { Clock } from '@kittiwake/base';
import type { DrillTier } from '../tier/drill-tier.ts';

/** What a fault is done to. */
export type Scene = { readonly tier: DrillTier; readonly clock: Clock };

/** What was done, in words, and when it began by the wall clock. */
export type FaultReport = { readonly what: string; readonly faultAtMs: number };

/**
 * Breaks the primary, waits until another one is promoted, and repairs what was broken. What it resolves to is told
 * when nothing is broken any more, though the tier may not be whole yet.
 */
export type Fault = (scene: Scene) => Promise<FaultReport>;

/** Longest wait for a promotion: Sentinel takes two seconds, and up to twenty more where its first try fails. */
export const PROMOTION_MS = 40_000;
