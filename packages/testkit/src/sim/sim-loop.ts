import { assert, type Timer } from '@kittiwake/base';
import { canDrainPromises, drainPromises } from './drain-promises.ts';

type Event = { readonly order: number; run: (() => void) | undefined };

/** The order of everything that happens in a simulated world: events by their moment, then by their making. */
export class SimLoop {
  /** A heap in two arrays: plain numbers are compared several times faster than what objects hold. */
  readonly #times: number[] = [];
  readonly #heap: Event[] = [];
  #nowMs = 0;
  #order = 0;
  #events = 0;
  #stopped = false;

  /** Milliseconds since the world began. */
  get nowMs(): number {
    return this.#nowMs;
  }

  /** Events that have happened. */
  get events(): number {
    return this.#events;
  }

  /** Plans an event at `atMs`, not before now. */
  at(atMs: number, run: () => void): Timer {
    const event = this.#plan(atMs, run);
    return {
      cancel: () => {
        event.run = undefined;
      },
    };
  }

  /** Plans an event that is never called off, which costs less. */
  post(atMs: number, run: () => void): void {
    this.#plan(atMs, run);
  }

  /** Plans an event `delayMs` from now. */
  after(delayMs: number, run: () => void): Timer {
    return this.at(this.#nowMs + delayMs, run);
  }

  /** Ends the run under way after the event that happens now. */
  stop(): void {
    this.#stopped = true;
  }

  /** Lets everything up to `untilMs` happen, promises settled after each event; `looked` is called then. */
  run(untilMs: number, looked: () => void = () => {}): void {
    assert(canDrainPromises(), 'a simulation runs from a plain callback, not from a promise');
    this.#stopped = false;
    for (let atMs = this.#times[0]; atMs !== undefined && atMs <= untilMs; atMs = this.#times[0]) {
      if (this.#stopped) return;
      const { run } = this.#pop();
      if (run === undefined) continue;
      this.#nowMs = atMs;
      this.#events += 1;
      run();
      drainPromises();
      looked();
    }
    this.#nowMs = Math.max(this.#nowMs, untilMs);
  }

  #plan(atMs: number, run: () => void): Event {
    const event: Event = { order: this.#order, run };
    this.#order += 1;
    this.#push(Math.max(atMs, this.#nowMs), event);
    return event;
  }

  #push(atMs: number, event: Event): void {
    const [times, heap] = [this.#times, this.#heap];
    let index = heap.length;
    times.push(atMs);
    heap.push(event);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = times[parent] as number;
      // What was planned earlier stands above, or it happens earlier.
      if (above <= atMs) break;
      times[index] = above;
      heap[index] = heap[parent] as Event;
      index = parent;
    }
    times[index] = atMs;
    heap[index] = event;
  }

  #pop(): Event {
    const [times, heap] = [this.#times, this.#heap];
    const first = heap[0] as Event;
    const lastMs = times.pop() as number;
    const last = heap.pop() as Event;
    if (heap.length === 0) return first;
    let index = 0;
    for (let left = 1; left < heap.length; left = 2 * index + 1) {
      const right = left + 1;
      const child = right < heap.length && this.#isBefore(right, left) ? right : left;
      const childMs = times[child] as number;
      if (childMs > lastMs || (childMs === lastMs && (heap[child] as Event).order > last.order)) break;
      times[index] = childMs;
      heap[index] = heap[child] as Event;
      index = child;
    }
    times[index] = lastMs;
    heap[index] = last;
    return first;
  }

  #isBefore(one: number, other: number): boolean {
    const [oneMs, otherMs] = [this.#times[one] as number, this.#times[other] as number];
    if (oneMs !== otherMs) return oneMs < otherMs;
    return (this.#heap[one] as Event).order < (this.#heap[other] as Event).order;
  }
}
