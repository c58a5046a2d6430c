import { type Clock, every, type Millis, type Timer } from '@kittiwake/base';
import type { HealthSource } from './readiness.ts';

/** Tells whether the event loop still turns. */
export type Watchdog = HealthSource & { start(): void; stop(): void };

/**
 * A timer that should fire every `periodMs` measures how late it is; `strikes` late ones in a row are a process that only
 * a restart helps. One long pause is none: restarting a gateway that is merely busy would hand its load to the next.
 */
export function createWatchdog(options: {
  readonly clock: Clock;
  readonly periodMs?: Millis;
  readonly lagMaxMs?: Millis;
  readonly strikes?: number;
}): Watchdog {
  const { clock, periodMs = 1_000, lagMaxMs = 5_000, strikes = 3 } = options;
  let late = 0;
  let timer: Timer | undefined;
  return {
    name: 'event-loop',
    check: () => (late >= strikes ? `late ${late} times in a row by more than ${lagMaxMs} ms` : undefined),
    start() {
      if (timer !== undefined) return;
      let lastMs = clock.monotonicMs();
      timer = every(clock, periodMs, () => {
        const nowMs = clock.monotonicMs();
        late = nowMs - lastMs - periodMs > lagMaxMs ? late + 1 : 0;
        lastMs = nowMs;
      });
    },
    stop() {
      timer?.cancel();
      timer = undefined;
    },
  };
}
