import { assert, type Clock } from '@kittiwake/base';
import { SimEvent, type SimPlace } from './sim-event.ts';
import type { SimLoop } from './sim-loop.ts';

/** Whether a process runs, hangs (SIGSTOP), or is gone (SIGKILL). */
export type SimHostPhase = 'running' | 'paused' | 'dead';

/** Wall-clock time at which every world begins, 2026-01-01. */
const WALL_START_MS = Date.UTC(2026, 0, 1);

/**
 * A process of the simulated world. Its clock and everything that it hears go through it: while it is paused they wait,
 * in order, and time goes on without it; once it is dead they are gone.
 */
export class SimHost implements SimPlace {
  readonly name: string;
  readonly clock: Clock;
  readonly #loop: SimLoop;
  #phase: SimHostPhase = 'running';
  #waiting: SimEvent[] = [];
  #jumpedMs = 0;

  constructor(loop: SimLoop, name: string) {
    this.#loop = loop;
    this.name = name;
    this.clock = {
      nowMs: () => WALL_START_MS + this.#jumpedMs + Math.floor(loop.nowMs),
      monotonicMs: () => loop.nowMs,
      after: (delayMs, callback) => {
        assert(delayMs >= 0, 'a timer lies in the future');
        const timer = new SimEvent(this, callback);
        loop.plan(timer, loop.nowMs + delayMs);
        return timer;
      },
      turn: callback => loop.plan(new SimEvent(this, callback), loop.nowMs),
    };
  }

  get phase(): SimHostPhase {
    return this.#phase;
  }

  /** Lets an event happen in the process: now, when it is resumed, or never. */
  take(event: SimEvent): void {
    if (this.#phase === 'running') event.happen();
    else if (this.#phase === 'paused') this.#waiting.push(event);
  }

  /** Hands `work` to the process: now, when it is resumed, or never. */
  deliver(work: () => void): void {
    if (this.#phase === 'running') work();
    else if (this.#phase === 'paused') this.#waiting.push(new SimEvent(this, work));
  }

  /** SIGSTOP. */
  pause(): void {
    if (this.#phase === 'running') this.#phase = 'paused';
  }

  /** SIGCONT: what waited is handed over in order, each as an event of its own. */
  resume(): void {
    if (this.#phase !== 'paused') return;
    this.#phase = 'running';
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const event of waiting) this.#loop.plan(event, this.#loop.nowMs);
  }

  /** SIGKILL. A process that is started anew is another host. */
  kill(): void {
    this.#phase = 'dead';
    this.#waiting = [];
  }

  /** Jumps the wall clock by `ms`, which may be negative; durations and timers do not notice. */
  jump(ms: number): void {
    this.#jumpedMs += ms;
  }
}
