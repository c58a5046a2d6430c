import { type EpochChain, extendChain, type Position } from '@kittiwake/protocol';
import fc from 'fast-check';
import type { LogState } from '../../src/broker/resume-plan.ts';

/** An entry as the world knows it: unlike any other, whatever offset and epoch it has. */
export type Entry = { readonly id: number; readonly position: Position };

/** One way in which a channel's history went: what some server has, and would go on with if it became primary. */
export type Branch = { readonly entries: readonly Entry[]; readonly chain: EpochChain };

/** What a reader began with, and everything up to where it is now. */
export type Reader = { readonly branch: Branch; readonly begin: number; readonly position: Position };

export type Act =
  | { readonly act: 'write'; readonly count: number }
  /** Any branch that there ever was, or the beginning of it, is what the new primary has. */
  | { readonly act: 'fail-over'; readonly branch: number; readonly keep: number }
  | { readonly act: 'clean-failover' }
  | { readonly act: 'trim'; readonly keep: number }
  | { readonly act: 'read'; readonly from: number; readonly to: number };

const EMPTY: Branch = { entries: [], chain: [] };

/** A tier whose failovers make a tree of histories. Readers read from anywhere to anywhere, and stay behind. */
export class ForkingHistory {
  readonly readers: Reader[] = [];
  readonly #branches: Branch[] = [EMPTY];
  live: Branch = EMPTY;
  #primary = 0;
  #entries = 0;
  #trimmed = 0;

  run(act: Act): void {
    switch (act.act) {
      case 'write':
        for (let n = 0; n < act.count; n += 1) this.#write();
        break;
      case 'fail-over': {
        const branch = this.#branches[act.branch % this.#branches.length] ?? EMPTY;
        this.#promote(beginningOf(branch, act.keep % (branch.entries.length + 1)));
        break;
      }
      case 'clean-failover':
        this.#promote(this.live);
        break;
      case 'trim':
        this.#trimmed = Math.max(this.#trimmed, this.live.entries.length - act.keep);
        break;
      case 'read':
        this.#read(act);
        break;
    }
  }

  get state(): LogState {
    const { entries, chain } = this.live;
    const epoch = epochOf(this.#primary);
    const head = entries.at(-1)?.position ?? { offset: 0, epoch };
    const firstKept = Math.min(this.#trimmed, entries.length) + 1;
    return {
      chain,
      head,
      firstKept: Math.max(firstKept, chain[0]?.start ?? 1),
      tailIsLive: head.epoch === epoch,
    };
  }

  #write(): void {
    this.#entries += 1;
    const position = { offset: this.live.entries.length + 1, epoch: epochOf(this.#primary) };
    this.live = {
      entries: [...this.live.entries, { id: this.#entries, position }],
      chain: extendChain(this.live.chain, position),
    };
    this.#branches.push(this.live);
  }

  #promote(branch: Branch): void {
    this.#primary += 1;
    this.live = branch;
    this.#branches.push(branch);
  }

  #read({ from, to }: { readonly from: number; readonly to: number }): void {
    const { entries } = this.live;
    const last = entries[to % Math.max(entries.length, 1)];
    if (last === undefined) return;
    const begin = 1 + (from % last.position.offset);
    this.readers.push({ branch: this.live, begin, position: last.position });
  }
}

/** The epoch that the n-th primary writes. */
export function epochOf(primary: number): string {
  return `primary-${primary}`;
}

function beginningOf(branch: Branch, keep: number): Branch {
  const entries = branch.entries.slice(0, keep);
  return { entries, chain: branch.chain.filter(({ start }) => start <= keep) };
}

/** The chain as a client builds it: from the position where it began, entry by entry. */
export function chainOf({ branch, begin, position }: Reader): EpochChain {
  return branch.entries
    .slice(begin - 1, position.offset)
    .reduce<EpochChain>((chain, entry) => extendChain(chain, entry.position), []);
}

/** The last offset up to which two histories have the very same entries. */
export function commonOffset(one: readonly Entry[], other: readonly Entry[]): number {
  const parted = one.findIndex((entry, index) => entry.id !== other[index]?.id);
  return parted === -1 ? one.length : parted;
}

/** Something that happens to the tier, or a reader that reads. */
export const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ act: fc.constant('write' as const), count: fc.integer({ min: 1, max: 6 }) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ act: fc.constant('fail-over' as const), branch: fc.nat(), keep: fc.nat() }),
  },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('clean-failover' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({ act: fc.constant('trim' as const), keep: fc.integer({ min: 0, max: 20 }) }),
  },
  { weight: 4, arbitrary: fc.record({ act: fc.constant('read' as const), from: fc.nat(), to: fc.nat() }) },
);
