import { type EpochChain, epochAt, type Position } from '@kittiwake/protocol';
import type { HistoryPage } from '../broker/broker.ts';

/** What the members of a channel hold: the last publication, and the epochs of everything up to it (SPEC C10). */
export type Standing = { readonly position: Position; readonly chain: EpochChain };

/** How somebody stands who has everything of this log up to `offset`. */
export function standingAt({ head, chain }: Pick<HistoryPage, 'head' | 'chain'>, offset: number): Standing {
  // A log that remembers its newest epochs only: what came before them is in the history that the oldest one went on with.
  const epoch = epochAt(chain, offset) ?? chain[0]?.epoch ?? head.epoch;
  const upTo = chain.filter(({ start }) => start <= offset);
  const isBeforeTheChain = upTo.length === 0 && offset > 0;
  return { position: { offset, epoch }, chain: isBeforeTheChain ? [{ epoch, start: offset }] : upTo };
}
