import { assertNever } from '../../packages/base/src/assert.ts';
import type { Position } from '../../packages/protocol/src/position.ts';
import type { Resume } from '../../packages/protocol/src/resume.ts';

/** What one publication is to a member that has seen all before it. */
export type Verdict = 'next' | 'late' | 'duplicate';

/** More holes than this are counted, not remembered. */
const HOLES_MAX = 10_000;

/**
 * What one member has of one channel, and what it lacks. Offsets are contiguous (rule C5), so a hole is a publication
 * that is lost until it arrives after all, unless the gateway has said that it cannot be had.
 */
export class ChannelCursor {
  #last: Position | undefined;
  readonly #holes = new Set<number>();
  #forgotten = 0;

  /** Where to resume; `undefined` before the first join. */
  get position(): Position | undefined {
    return this.#last;
  }

  /** Publications that never came and that nobody spoke of. */
  get lost(): number {
    return this.#holes.size + this.#forgotten;
  }

  /** Takes the answer to a join, or a `truncated`: what is no longer owed is forgiven, because it was told. */
  joined(now: Position, resume: Resume): void {
    switch (resume.outcome) {
      case 'recovered':
        this.#last ??= now;
        return;
      case 'fresh':
      case 'unknown':
        this.#holes.clear();
        this.#last = now;
        return;
      case 'truncated':
        this.#continueAt(resume.divergedAt, now.epoch);
        return;
      case 'trimmed':
        this.#continueAt(resume.firstOffset, now.epoch);
        return;
      default:
        assertNever(resume);
    }
  }

  /** Takes a publication. */
  take(position: Position): Verdict {
    const last = this.#last;
    if (last === undefined) {
      this.#last = position;
      return 'next';
    }
    if (position.offset <= last.offset) return this.#holes.delete(position.offset) ? 'late' : 'duplicate';
    for (let offset = last.offset + 1; offset < position.offset; offset++) this.#hole(offset);
    this.#last = position;
    return 'next';
  }

  /** How many publications up to `offset` are still to come. */
  behind(offset: number): number {
    return this.#last === undefined ? 0 : Math.max(0, offset - this.#last.offset);
  }

  #continueAt(offset: number, epoch: string): void {
    for (const hole of this.#holes) if (hole < offset) this.#holes.delete(hole);
    this.#last = { offset: offset - 1, epoch };
  }

  #hole(offset: number): void {
    if (this.#holes.size < HOLES_MAX) this.#holes.add(offset);
    else this.#forgotten += 1;
  }
}
