import { createFakeClock, createSeededRandom } from '@kittiwake/testkit';
import { createRecordingMetrics } from '../../metrics/recording-metrics.ts';
import type { HandoverAsk, MovableSession } from '../handover.ts';

/** What happened to a session. */
export type Seen = { askedAtMs?: number; ask?: HandoverAsk; closedAtMs?: number; closes: number };

/** Sessions that write down what happens to them, and move `movesAfterMs` after the moment that they are asked for; never where absent. */
export function sessionsThat(count: number, movesAfterMs?: number) {
  const clock = createFakeClock();
  const metrics = createRecordingMetrics();
  const sessions = Array.from({ length: count }, () => new RecordingSession(clock, movesAfterMs));
  return {
    clock,
    metrics,
    deps: { clock, metrics, random: createSeededRandom(1) },
    seen: sessions.map(({ seen }) => seen),
    open: () => sessions.filter(session => session.isOpen),
  };
}

class RecordingSession implements MovableSession {
  readonly seen: Seen = { closes: 0 };
  readonly #clock: ReturnType<typeof createFakeClock>;
  readonly #movesAfterMs: number | undefined;
  #gone: (() => void) | undefined;
  isOpen = true;

  constructor(clock: ReturnType<typeof createFakeClock>, movesAfterMs: number | undefined) {
    this.#clock = clock;
    this.#movesAfterMs = movesAfterMs;
  }

  goaway(ask: HandoverAsk, gone: () => void): void {
    this.seen.askedAtMs = this.#clock.monotonicMs();
    this.seen.ask = ask;
    this.#gone = gone;
    if (this.#movesAfterMs !== undefined)
      this.#clock.after(ask.reconnectAfterMs + this.#movesAfterMs, () => this.#leave());
  }

  close(): void {
    if (!this.isOpen) return;
    this.seen.closes += 1;
    this.seen.closedAtMs = this.#clock.monotonicMs();
    this.#leave();
  }

  #leave(): void {
    this.isOpen = false;
    this.#gone?.();
  }
}
