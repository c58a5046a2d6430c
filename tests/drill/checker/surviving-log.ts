import { type ChainLink, epochAt } from '@kittiwake/protocol';
import type { ClientView, Stretch } from './client-view.ts';
import type { LogLine } from './log-lines.ts';

/** What a reading of the log changed in what was known of it. */
export type LogChange = {
  /** Publishes that an earlier reading had, and this one has not. */
  readonly gone: readonly number[];
  /** Publishes that stand at two offsets. */
  readonly twice: readonly number[];
};

/** The log of one channel that survived, put together from what was read of it after each round. */
export class SurvivingLog {
  #chain: readonly ChainLink[] = [];
  #head = 0;
  readonly #ids = new Map<number, number>();
  readonly #offsets = new Map<number, number>();

  get head(): number {
    return this.#head;
  }

  /** The history that wrote `offset`; `undefined` where the log has nothing there. */
  epochAt(offset: number): string | undefined {
    return offset > this.#head ? undefined : epochAt(this.#chain, offset);
  }

  /** The publish at `offset`, where a reading reached it. */
  idAt(offset: number): number | undefined {
    return this.#ids.get(offset);
  }

  /** Where a publish stands, if it does. */
  offsetOf(id: number): number | undefined {
    return this.#offsets.get(id);
  }

  /** Takes a reading: what it has replaces what was known there, and nothing is left beyond its head. */
  read(line: LogLine): LogChange {
    const removed: number[] = [];
    const drop = (offset: number): void => {
      const id = this.#ids.get(offset);
      if (id === undefined) return;
      this.#ids.delete(offset);
      if (this.#offsets.get(id) === offset) this.#offsets.delete(id);
      removed.push(id);
    };
    const chain = joinChains(this.#chain, line.chain);
    for (let offset = firstDifference(this.#chain, chain, this.#head); offset <= this.#head; offset += 1)
      drop(offset);
    for (let offset = line.head + 1; offset <= this.#head; offset += 1) drop(offset);
    const twice: number[] = [];
    for (const [index, id] of line.ids.entries()) {
      const offset = line.firstKept + index;
      if (this.#ids.get(offset) === id) continue;
      drop(offset);
      if (this.#offsets.has(id)) twice.push(id);
      this.#ids.set(offset, id);
      this.#offsets.set(id, offset);
    }
    this.#chain = chain;
    this.#head = line.head;
    return { gone: removed.filter(id => !this.#offsets.has(id)), twice };
  }
}

/** The first offset that the view holds and the log has not, or has of another history. */
export function firstLost(view: ClientView, log: SurvivingLog): number | undefined {
  for (const stretch of view.stretches) {
    const lost = firstOther(stretch, log);
    if (lost !== undefined) return lost;
  }
  return undefined;
}

/** Histories are long and few: each is looked at where it begins and where it ends, then halved. */
function firstOther({ epoch, from, to }: Stretch, log: SurvivingLog): number | undefined {
  if (log.epochAt(from) !== epoch) return from;
  if (log.epochAt(to) === epoch) return undefined;
  let same = from;
  let other = to;
  while (other - same > 1) {
    const middle = Math.floor((same + other) / 2);
    if (log.epochAt(middle) === epoch) same = middle;
    else other = middle;
  }
  return other;
}

/** The newer chain, and of the older one what lies before it: a log keeps only so many links. */
function joinChains(older: readonly ChainLink[], newer: readonly ChainLink[]): readonly ChainLink[] {
  const first = newer[0];
  if (first === undefined) return older;
  return [...older.filter(link => link.start < first.start), ...newer];
}

/** From where on the second chain gives other epochs than the first; beyond `head` where it gives the same. */
function firstDifference(one: readonly ChainLink[], two: readonly ChainLink[], head: number): number {
  const starts = [...one, ...two].map(link => link.start).toSorted((a, b) => a - b);
  return starts.find(start => start <= head && epochAt(one, start) !== epochAt(two, start)) ?? head + 1;
}
