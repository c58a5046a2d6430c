import { assert } from '@kittiwake/base';

/** Delays of a key that failed: base · 2^(failures − 1), never more than the cap. */
export type RetryBounds = { readonly baseMs: number; readonly capMs: number };

type Entry = { readonly dueAtMs: number };

/**
 * Keys that wait for work, in the manner of client-go's work queue, without a clock of its own: every method takes `nowMs`.
 * [R7] A key waits at most once; a key that is worked on is not handed out again; what is added meanwhile waits until it is done.
 */
export class WorkQueue {
  readonly #bounds: RetryBounds;
  readonly #waiting = new Map<string, Entry>();
  readonly #working = new Set<string>();
  readonly #again = new Map<string, number>();
  readonly #failures = new Map<string, number>();

  constructor(bounds: RetryBounds = { baseMs: 500, capMs: 30_000 }) {
    this.#bounds = bounds;
  }

  /** Asks for work on `key` at `dueAtMs`; the earlier of two wishes wins. */
  add(key: string, dueAtMs: number): void {
    const target = this.#working.has(key) ? this.#again : undefined;
    if (target !== undefined) {
      target.set(key, Math.min(target.get(key) ?? dueAtMs, dueAtMs));
      return;
    }
    const waiting = this.#waiting.get(key);
    if (waiting === undefined || waiting.dueAtMs > dueAtMs) this.#waiting.set(key, { dueAtMs });
  }

  /** The key that is due the longest, which is worked on from now; `undefined` where none is due. */
  take(nowMs: number): string | undefined {
    let best: string | undefined;
    let bestAtMs = Number.POSITIVE_INFINITY;
    for (const [key, { dueAtMs }] of this.#waiting) {
      if (dueAtMs <= nowMs && dueAtMs < bestAtMs) [best, bestAtMs] = [key, dueAtMs];
    }
    if (best === undefined) return undefined;
    this.#waiting.delete(best);
    this.#working.add(best);
    return best;
  }

  /** The work on `key` succeeded: its failures are forgotten. */
  done(key: string): void {
    this.#finish(key);
    this.#failures.delete(key);
    const dueAtMs = this.#again.get(key);
    this.#again.delete(key);
    if (dueAtMs !== undefined) this.add(key, dueAtMs);
  }

  /** The work on `key` failed: it comes back after its backoff, whatever was added meanwhile. */
  failed(key: string, nowMs: number): void {
    this.#finish(key);
    const failures = (this.#failures.get(key) ?? 0) + 1;
    this.#failures.set(key, failures);
    this.#again.delete(key);
    this.add(
      key,
      nowMs + Math.min(this.#bounds.capMs, this.#bounds.baseMs * 2 ** Math.min(failures - 1, 30)),
    );
  }

  /** When the next key is due; `undefined` where none waits. */
  nextDueAtMs(): number | undefined {
    let next: number | undefined;
    for (const { dueAtMs } of this.#waiting.values()) next = Math.min(next ?? dueAtMs, dueAtMs);
    return next;
  }

  /** Forgets all that waits; what is worked on may still finish. */
  clear(): void {
    this.#waiting.clear();
    this.#again.clear();
    this.#failures.clear();
  }

  #finish(key: string): void {
    assert(this.#working.delete(key), `work on ${key} finished without having begun`);
  }
}
