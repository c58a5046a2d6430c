import { assert, type Millis, type Random } from '@kittiwake/base';
import { MOVE_MAX_MS } from '../config/gateway-config.ts';

/** How sessions are handed over. */
export type HandoverPace = {
  /** By then every session was asked to go, had its time to move, and its peer is closed. */
  readonly windowMs: Millis;
  /** How many clients per second the other gateways take; exceeded only where the window would not do. */
  readonly clientsPerSecond: number;
  /** How long it takes to come to that rate, beginning with an eighth of it; left out where the window would not do. */
  readonly slowStartMs: Millis;
  /** Between `goaway` and the moment for which it asks, at least: time for answers that are under way. */
  readonly noticeMs: Millis;
  /** From that moment to the close: time to be welcome elsewhere first (SPEC K18). */
  readonly moveMs: Millis;
  /** Time between two batches, and the spread of the clients of one. */
  readonly batchMs: Millis;
};

/** Some sessions that are told at the same moment, each with its own time to reconnect. */
export type HandoverBatch = { readonly atMs: Millis; readonly reconnectAfterMs: readonly Millis[] };

/** How many are told in each of the batches, which are `everyMs` apart. */
type Batches = { readonly everyMs: Millis; readonly sizes: readonly number[] };

const NOTICE_MS: Millis = 500;
const BATCH_MS: Millis = 250;
/**
 * The code of gateways that have taken nobody yet is cold: each of their first clients costs about eight times what later
 * ones do, 40 ms instead of 5 where three nodes share two cores.
 */
const SLOW_START_MS: Millis = 10_000;
const COLD_SHARE = 1 / 8;
/** What sums of shares may lack of a whole number. */
const ROUNDING = 1e-6;

/** The pace of a hand-over that has a window for everything, of which the last ones have `moveMs` to move. */
export function paceOf(
  window: Pick<HandoverPace, 'windowMs' | 'moveMs'>,
  clientsPerSecond: number,
): HandoverPace {
  return {
    ...window,
    clientsPerSecond,
    slowStartMs: SLOW_START_MS,
    noticeMs: NOTICE_MS,
    batchMs: BATCH_MS,
  };
}

/** The pace of a hand-over that takes as long as `sessions` need at `clientsPerSecond`: some of a gateway's, and no more. */
export function unhurriedPace(sessions: number, clientsPerSecond: number): HandoverPace {
  const spreadMs = Math.ceil((sessions / clientsPerSecond) * 1_000);
  const windowMs = NOTICE_MS + 2 * BATCH_MS + spreadMs + MOVE_MAX_MS;
  return { ...paceOf({ windowMs, moveMs: MOVE_MAX_MS }, clientsPerSecond), slowStartMs: 0 };
}

/**
 * Spreads `sessions` over the window (rule D2): batches at equal distance, of equal size once the first ones were smaller,
 * and within a batch every client at its own moment, so that the others see an even stream instead of waves. `atMs` is
 * measured from the start; nobody is asked to come later than `moveMs` before the end of the window.
 */
export function planHandover(sessions: number, pace: HandoverPace, random: Random): readonly HandoverBatch[] {
  const { windowMs, clientsPerSecond, noticeMs, moveMs, batchMs } = pace;
  assert(windowMs >= noticeMs + 2 * batchMs + moveMs, 'the window has room for a notice, a batch and a move');
  assert(clientsPerSecond > 0 && batchMs > 0, 'a hand-over goes forward');
  if (sessions === 0) return [];
  const lastAtMs = windowMs - moveMs - noticeMs - batchMs;
  const { everyMs, sizes } = atPace(sessions, pace, lastAtMs) ?? evenly(sessions, pace, lastAtMs);
  const jittered = (): Millis => Math.floor(noticeMs + random.next() * batchMs);
  return sizes.map((size, batch) => ({
    atMs: Math.floor(batch * everyMs),
    reconnectAfterMs: Array.from({ length: size }, jittered),
  }));
}

/** As many at a time as the others take, fewer while they are cold; `undefined` where the last ones would be asked too late. */
function atPace(sessions: number, pace: HandoverPace, lastAtMs: Millis): Batches | undefined {
  const { clientsPerSecond, batchMs } = pace;
  // Fewer than one in a batch: then the batches are further apart.
  const everyMs = Math.max(batchMs, 1_000 / clientsPerSecond);
  const perBatch = (clientsPerSecond * everyMs) / 1_000;
  const sizes: number[] = [];
  let asked = 0;
  for (let atMs = 0, due = 0; asked < sessions; atMs += everyMs) {
    if (atMs > lastAtMs) return undefined;
    due += perBatch * warmth(atMs, pace);
    const size = Math.min(sessions, Math.max(1, Math.floor(due + ROUNDING))) - asked;
    sizes.push(size);
    asked += size;
  }
  return { everyMs, sizes };
}

/** The share of the full rate at which is handed over after so long. */
function warmth(atMs: Millis, { slowStartMs }: HandoverPace): number {
  return atMs >= slowStartMs ? 1 : COLD_SHARE + (1 - COLD_SHARE) * (atMs / slowStartMs);
}

/** All within the window, faster than the others take them. */
function evenly(sessions: number, { batchMs }: HandoverPace, lastAtMs: Millis): Batches {
  const batches = Math.min(sessions, Math.floor(lastAtMs / batchMs) + 1);
  const sizes = Array.from({ length: batches }, (_, batch) => share(sessions, batches, batch));
  return { everyMs: Math.max(batchMs, lastAtMs / Math.max(1, batches - 1)), sizes };
}

/** The size of the n-th of `parts` parts of `total`; they differ by one at most. */
function share(total: number, parts: number, n: number): number {
  return Math.floor((total * (n + 1)) / parts) - Math.floor((total * n) / parts);
}
