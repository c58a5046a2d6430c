import { assert, type Timer } from '@kittiwake/base';
import { canDrainPromises, drainPromises } from './drain-promises.ts';
import { EventHeap } from './event-heap.ts';
import { SimEvent, type SimPlace } from './sim-event.ts';

/** The place of what happens in no process. */
const OUTSIDE: SimPlace = { take: event => event.happen() };

/** The order of everything that happens in a simulated world: events by their moment, then by their making. */
export class SimLoop {
  readonly #later = new EventHeap();
  /** Events of this very moment, from `#nextNow` on; behind those that were planned for it before it came. */
  #now: SimEvent[] = [];
  #nextNow = 0;
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
    const event = new SimEvent(OUTSIDE, run);
    this.plan(event, atMs);
    return event;
  }

  /** Plans an event `delayMs` from now. */
  after(delayMs: number, run: () => void): Timer {
    return this.at(this.#nowMs + delayMs, run);
  }

  /** Hands an event to its place at `atMs`, not before now. */
  plan(event: SimEvent, atMs: number): void {
    event.order = this.#order;
    this.#order += 1;
    if (atMs > this.#nowMs) this.#later.push(event, atMs);
    else this.#now.push(event);
  }

  /** Ends the run under way after the event that happens now. */
  stop(): void {
    this.#stopped = true;
  }

  /** Lets everything up to `untilMs` happen, promises settled after each event; `looked` is called then. */
  run(untilMs: number, looked: () => void = () => {}): void {
    assert(canDrainPromises(), 'a simulation runs from a plain callback, not from a promise');
    this.#stopped = false;
    for (let event = this.#next(untilMs); event !== undefined; event = this.#next(untilMs)) {
      this.#events += 1;
      event.place.take(event);
      drainPromises();
      looked();
    }
    if (!this.#stopped) this.#nowMs = Math.max(this.#nowMs, untilMs);
  }

  /** The next event that was not called off; `undefined` where the run is over. */
  #next(untilMs: number): SimEvent | undefined {
    while (!this.#stopped) {
      const event = this.#take(untilMs);
      if (event?.isOver !== true) return event;
    }
    return undefined;
  }

  #take(untilMs: number): SimEvent | undefined {
    const { first, firstMs } = this.#later;
    if (firstMs > this.#nowMs && this.#nextNow < this.#now.length) return this.#takeNow();
    if (first === undefined || firstMs > untilMs) return undefined;
    this.#later.pop();
    // Of those that were called off nobody may know, not even by the time.
    if (!first.isOver) this.#nowMs = firstMs;
    return first;
  }

  #takeNow(): SimEvent | undefined {
    const event = this.#now[this.#nextNow];
    this.#nextNow += 1;
    if (this.#nextNow === this.#now.length) {
      this.#now = [];
      this.#nextNow = 0;
    }
    return event;
  }
}
