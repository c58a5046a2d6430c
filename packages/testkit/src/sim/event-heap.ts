import type { SimEvent } from './sim-event.ts';

const FIRST_SIZE = 256;

/** Events by their moment, then by their order. Moments lie beside the events, in numbers that need no object. */
export class EventHeap {
  readonly #events: SimEvent[] = [];
  #moments = new Float64Array(FIRST_SIZE);

  /** The first event; `undefined` where there is none. */
  get first(): SimEvent | undefined {
    return this.#events[0];
  }

  /** When the first event happens; infinity where there is none. */
  get firstMs(): number {
    return this.#events.length === 0 ? Number.POSITIVE_INFINITY : (this.#moments[0] as number);
  }

  push(event: SimEvent, atMs: number): void {
    const events = this.#events;
    let index = events.length;
    events.push(event);
    if (index === this.#moments.length) this.#grow();
    const moments = this.#moments;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = moments[parent] as number;
      if (above < atMs || (above === atMs && (events[parent] as SimEvent).order < event.order)) break;
      moments[index] = above;
      events[index] = events[parent] as SimEvent;
      index = parent;
    }
    moments[index] = atMs;
    events[index] = event;
  }

  /** Takes the first event away. */
  pop(): void {
    const events = this.#events;
    const last = events.pop();
    const size = events.length;
    if (last === undefined || size === 0) return;
    const moments = this.#moments;
    const lastMs = moments[size] as number;
    let index = 0;
    for (let child = 1; child < size; child = 2 * index + 1) {
      if (child + 1 < size && this.#isBefore(child + 1, child)) child += 1;
      const childMs = moments[child] as number;
      const below = events[child] as SimEvent;
      if (childMs > lastMs || (childMs === lastMs && below.order > last.order)) break;
      moments[index] = childMs;
      events[index] = below;
      index = child;
    }
    moments[index] = lastMs;
    events[index] = last;
  }

  #isBefore(one: number, other: number): boolean {
    const [oneMs, otherMs] = [this.#moments[one] as number, this.#moments[other] as number];
    if (oneMs !== otherMs) return oneMs < otherMs;
    return (this.#events[one] as SimEvent).order < (this.#events[other] as SimEvent).order;
  }

  #grow(): void {
    const moments = new Float64Array(2 * this.#moments.length);
    moments.set(this.#moments);
    this.#moments = moments;
  }
}
