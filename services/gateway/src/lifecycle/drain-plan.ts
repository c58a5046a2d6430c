import { assert, type Millis, type Random } from '@kittiwake/base';

/** How a drain goes about it. */
export type DrainPace = {
  /** By then every session was told to go and its peer was closed. */
  readonly windowMs: Millis;
  /** How many clients per second the other gateways take; exceeded only where the window would not do. */
  readonly clientsPerSecond: number;
  /** Between `goaway` and the close at least: time for answers that are under way. */
  readonly noticeMs: Millis;
  /** Time between two batches, and the spread of the clients of one. */
  readonly batchMs: Millis;
};

/** Some sessions that are told at the same moment, each with its own time to reconnect. */
export type DrainBatch = { readonly atMs: Millis; readonly reconnectAfterMs: readonly Millis[] };

/** What a gateway ships with: 30 s for everybody, 500 clients per second. */
export const DEFAULT_DRAIN_PACE: DrainPace = {
  windowMs: 30_000,
  clientsPerSecond: 500,
  noticeMs: 500,
  batchMs: 250,
};

/**
 * Spreads `sessions` over the window (rule D2): batches of equal size at equal distance, and within a batch every client
 * at its own moment, so that the others see an even stream instead of waves. `atMs` is measured from the start; no client
 * is asked to come back, and no peer closed, after `windowMs`.
 */
export function planDrain(sessions: number, pace: DrainPace, random: Random): readonly DrainBatch[] {
  assert(pace.windowMs >= pace.noticeMs + 2 * pace.batchMs, 'the window has room for a notice and a batch');
  assert(pace.clientsPerSecond > 0 && pace.batchMs > 0, 'a drain goes forward');
  if (sessions === 0) return [];
  const lastAtMs = pace.windowMs - pace.noticeMs - pace.batchMs;
  const batchesMax = Math.floor(lastAtMs / pace.batchMs) + 1;
  const perBatch = (pace.clientsPerSecond * pace.batchMs) / 1_000;
  const batches = Math.min(sessions, batchesMax, Math.max(1, Math.ceil(sessions / perBatch)));
  return Array.from({ length: batches }, (_, batch) => {
    const size = share(sessions, batches, batch);
    const jittered = (): Millis => Math.floor(pace.noticeMs + random.next() * pace.batchMs);
    return { atMs: batch * pace.batchMs, reconnectAfterMs: Array.from({ length: size }, jittered) };
  });
}

/** The size of the n-th of `parts` parts of `total`; they differ by one at most. */
function share(total: number, parts: number, n: number): number {
  return Math.floor((total * (n + 1)) / parts) - Math.floor((total * n) / parts);
}
