import { assert, type Bytes } from '@kittiwake/base';
import { epochAt, type Position, type Publication, type Resume } from '@kittiwake/protocol';
import { sharedBroadcast } from '../protocol/encode.ts';
import type { Standing } from './standing.ts';

/** What a resume owes: read from the log up to the channel's cursor, then what went to the others meanwhile. */
export type Replay = { readonly resume: Resume; readonly publications: readonly Publication[] };

/** How much of the past is held: publications, and their bytes. */
export type RecentPastBounds = { readonly publicationsMax: number; readonly bytesMax: Bytes };

/** Consecutive publications of the past. */
export type PieceOfPast = {
  readonly publications: readonly Publication[];
  /** Offset of the first publication; that of the next one where there is none yet. */
  readonly first: number;
  /** Whether the log kept nothing before that when it was read. */
  readonly isAll: boolean;
};

/**
 * The newest publications of a channel, without a hole up to its cursor, so that one read of the log serves all members who
 * come back to it (SPEC C12). It is what a member that stayed has seen: whoever is given it stands where such a member does.
 */
export class RecentPast {
  readonly #bounds: RecentPastBounds;
  #publications: Publication[];
  #bytes: Bytes;
  #first: number;
  #isAll: boolean;

  constructor({ publications, first, isAll }: PieceOfPast, bounds: RecentPastBounds) {
    this.#bounds = bounds;
    this.#publications = [...publications];
    this.#bytes = bytesOf(publications);
    this.#first = first;
    this.#isAll = isAll;
  }

  /** Offset of the first publication that is held; that of the next one where there is none. */
  get first(): number {
    return this.#first;
  }

  get bytes(): Bytes {
    return this.#bytes;
  }

  /** The channel went on by one. */
  add(publication: Publication): void {
    this.#publications.push(publication);
    this.#bytes += bytesOf([publication]);
    const { publicationsMax, bytesMax } = this.#bounds;
    while (this.#publications.length > publicationsMax || this.#bytes > bytesMax) this.#dropOldest();
  }

  /** Holds what was before as well, up to the first one that is held; it fits, or nothing of it is kept. */
  extend({ publications, first, isAll }: PieceOfPast): void {
    assert(first + publications.length === this.#first, 'a past has no hole');
    const bytes = this.#bytes + bytesOf(publications);
    const count = this.#publications.length + publications.length;
    if (bytes > this.#bounds.bytesMax || count > this.#bounds.publicationsMax) return;
    this.#publications = [...publications, ...this.#publications];
    this.#bytes = bytes;
    this.#first = first;
    this.#isAll = isAll;
  }

  /** What a member owes that has everything up to `since`; `undefined` where only the log can tell. */
  owedTo(since: Position, { position, chain }: Standing): Replay | undefined {
    if (!isOf(since, chain) || since.offset > position.offset) return undefined;
    if (since.offset + 1 >= this.#first) {
      const publications = this.#publications.slice(since.offset + 1 - this.#first);
      return { resume: { outcome: 'recovered' }, publications };
    }
    if (!this.#isAll) return undefined;
    return {
      resume: { outcome: 'trimmed', firstOffset: this.#first },
      publications: [...this.#publications],
    };
  }

  /** What is dropped is still in the log, for all that is known here, unless the log keeps nothing at all. */
  #dropOldest(): void {
    const oldest = this.#publications.shift();
    if (oldest === undefined) return;
    this.#first = oldest.position.offset + 1;
    this.#bytes -= bytesOf([oldest]);
    this.#isAll &&= this.#bounds.publicationsMax === 0;
  }
}

/** Whether a position is of the history that has this chain (SPEC B3). Before the first entry all histories are one. */
export function isOf({ offset, epoch }: Position, chain: Standing['chain']): boolean {
  return offset === 0 || epochAt(chain, offset) === epoch;
}

/** Bytes of publications as most members are sent them; they are encoded for that here, once for all. */
export function bytesOf(publications: readonly Publication[]): Bytes {
  return publications.reduce((sum, one) => sum + sharedBroadcast(one).frame('json').payload.length, 0);
}
