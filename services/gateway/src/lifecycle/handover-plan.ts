import { assert, type Millis, type Random } from '@kittiwake/base';
import { MOVE_MAX_MS } from '../config/gateway-config.ts';

/** How sessions are handed over. */
export type HandoverPace = {
  /** By then every session was asked to go, had its time to move, and its peer is closed. */
  readonly windowMs: Millis;
  /** How many clients per second the other gateways take; exceeded only where the window would not do. */
  readonly clientsPerSecond: number;
  /** Between `goaway` and the moment for which it asks, at least: time for answers that are under way. */
  readonly noticeMs: Millis;
  /** From that moment to the close: time to be welcome elsewhere first (SPEC K18). */
  readonly moveMs: Millis;
  /** Time between two batches, and the spread of the clients of one. */
  readonly batchMs: Millis;
};

/** Some sessions that are told at the same moment, each with its own time to reconnect. */
export type HandoverBatch = { readonly atMs: Millis; readonly reconnectAfterMs: readonly Millis[] };

const NOTICE_MS: Millis = 500;
const BATCH_MS: Millis = 250;
/** The pace of a hand-over that has a window for everything, of which the last ones have `moveMs` to move. */
export function paceOf(
  window: Pick<HandoverPace, 'windowMs' | 'moveMs'>,
  clientsPerSecond: number,
): HandoverPace {
  return { ...window, clientsPerSecond, noticeMs: NOTICE_MS, batchMs: BATCH_MS };
}

/** The pace of a hand-over that takes as long as `sessions` need at `clientsPerSecond`. */
export function unhurriedPace(sessions: number, clientsPerSecond: number): HandoverPace {
  const spreadMs = Math.ceil((sessions / clientsPerSecond) * 1_000);
  const windowMs = NOTICE_MS + 2 * BATCH_MS + spreadMs + MOVE_MAX_MS;
  return paceOf({ windowMs, moveMs: MOVE_MAX_MS }, clientsPerSecond);
}

/**
 * Spreads `sessions` over the window (rule D2): batches of equal size at equal distance, and within a batch every client
 * at its own moment, so that the others see an even stream instead of waves. `atMs` is measured from the start; nobody
 * is asked to come later than `moveMs` before the end of the window.
 */
export function planHandover(sessions: number, pace: HandoverPace, random: Random): readonly HandoverBatch[] {
  const { windowMs, clientsPerSecond, noticeMs, moveMs, batchMs } = pace;
  assert(windowMs >= noticeMs + 2 * batchMs + moveMs, 'the window has room for a notice, a batch and a move');
  assert(clientsPerSecond > 0 && batchMs > 0, 'a hand-over goes forward');
  if (sessions === 0) return [];
  const lastAtMs = windowMs - moveMs - noticeMs - batchMs;
  const batchesMax = Math.floor(lastAtMs / batchMs) + 1;
  const perBatch = (clientsPerSecond * batchMs) / 1_000;
  const batches = Math.min(sessions, batchesMax, Math.max(1, Math.ceil(sessions / perBatch)));
  // Fewer than one in a batch: then the batches are further apart.
  const everyMs = Math.max(batchMs, Math.min(1_000 / clientsPerSecond, lastAtMs / Math.max(1, batches - 1)));
  return Array.from({ length: batches }, (_, batch) => {
    const size = share(sessions, batches, batch);
    const jittered = (): Millis => Math.floor(noticeMs + random.next() * batchMs);
    return {
      atMs: Math.floor(batch * everyMs),
      reconnectAfterMs: Array.from({ length: size }, jittered),
    };
  });
}

/** The size of the n-th of `parts` parts of `total`; they differ by one at most. */
function share(total: number, parts: number, n: number): number {
  return Math.floor((total * (n + 1)) / parts) - Math.floor((total * n) / parts);
}
