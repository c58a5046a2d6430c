import { assert, type Clock } from '@kittiwake/base';
import type { SimLoop } from './sim-loop.ts';

/** Whether a process runs, hangs (SIGSTOP), or is gone (SIGKILL). */
export type SimHostPhase = 'running' | 'paused' | 'dead';

/** Wall-clock time at which every world begins, 2026-01-01. */
const WALL_START_MS = Date.UTC(2026, 0, 1);

/**
 * A process of the simulated world. Its clock and everything that it hears go through it: while it is paused they wait,
 * in order, and time goes on without it; once it is dead they are gone.
 */
export class SimHost {
  readonly name: string;
  readonly clock: Clock;
  readonly #loop: SimLoop;
  #phase: SimHostPhase = 'running';
  #waiting: (() => void)[] = [];
  #jumpedMs = 0;

  constructor(loop: SimLoop, name: string) {
    this.#loop = loop;
    this.name = name;
    this.clock = {
      nowMs: () => WALL_START_MS + this.#jumpedMs + Math.floor(loop.nowMs),
      monotonicMs: () => loop.nowMs,
      after: (delayMs, callback) => {
        assert(delayMs >= 0, 'a timer lies in the future');
        let calledOff = false;
        const timer = loop.after(delayMs, () => this.deliver(() => calledOff || callback()));
        return {
          cancel: () => {
            calledOff = true;
            timer.cancel();
          },
        };
      },
      turn: callback => void loop.after(0, () => this.deliver(callback)),
    };
  }

  get phase(): SimHostPhase {
    return this.#phase;
  }

  /** Hands `work` to the process: now, when it is resumed, or never. */
  deliver(work: () => void): void {
    if (this.#phase === 'running') work();
    else if (this.#phase === 'paused') this.#waiting.push(work);
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
    for (const work of waiting) this.#loop.after(0, () => this.deliver(work));
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
