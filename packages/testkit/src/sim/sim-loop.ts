import { assert, type Timer } from '@kittiwake/base';
import { canDrainPromises, drainPromises } from './drain-promises.ts';

type Event = { readonly atMs: number; readonly order: number; run: (() => void) | undefined };

/** The order of everything that happens in a simulated world: events by their moment, then by their making. */
export class SimLoop {
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
    const event: Event = { atMs: Math.max(atMs, this.#nowMs), order: this.#order, run };
    this.#order += 1;
    this.#push(event);
    return {
      cancel: () => {
        event.run = undefined;
      },
    };
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
    for (let next = this.#heap[0]; next !== undefined && next.atMs <= untilMs; next = this.#heap[0]) {
      if (this.#stopped) return;
      this.#pop();
      if (next.run === undefined) continue;
      this.#nowMs = next.atMs;
      this.#events += 1;
      next.run();
      drainPromises();
      looked();
    }
    this.#nowMs = Math.max(this.#nowMs, untilMs);
  }

  #push(event: Event): void {
    const heap = this.#heap;
    let index = heap.length;
    heap.push(event);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = heap[parent] as Event;
      if (!before(event, above)) break;
      heap[index] = above;
      index = parent;
    }
    heap[index] = event;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let index = 0;
    for (;;) {
      const left = 2 * index + 1;
      if (left >= heap.length) break;
      const right = left + 1;
      const child = right < heap.length && before(heap[right] as Event, heap[left] as Event) ? right : left;
      if (!before(heap[child] as Event, last)) break;
      heap[index] = heap[child] as Event;
      index = child;
    }
    heap[index] = last;
  }
}

function before(a: Event, b: Event): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}
