import type { Timer } from '@kittiwake/base';

/** Where events happen: a process, or a wire that leads to one. It lets them happen, keeps them for later, or drops them. */
export type SimPlace = { take(event: SimEvent): void };

/** Something that is to happen once; it can be called off until it has. */
export class SimEvent implements Timer {
  readonly place: SimPlace;
  /** Of events of one moment the one with the lower number happens first. */
  order = 0;
  #work: (() => void) | undefined;

  constructor(place: SimPlace, work: () => void) {
    this.place = place;
    this.#work = work;
  }

  /** Whether it was called off, or has happened. */
  get isOver(): boolean {
    return this.#work === undefined;
  }

  happen(): void {
    const work = this.#work;
    this.#work = undefined;
    work?.();
  }

  cancel(): void {
    this.#work = undefined;
  }
}
