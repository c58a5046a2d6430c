import { array, type Decoder, integer, object } from './decode.ts';
import { epoch, type Position } from './position.ts';

/** A history, and the offset of the first entry that it wrote (or that its reader knows of). */
export type ChainLink = { readonly epoch: string; readonly start: number };

/** The histories of a channel, oldest first, `start` ascending: link i wrote the offsets up to the start of link i + 1. */
export type EpochChain = readonly ChainLink[];

/** Longest chain that is kept: so many changes of history within what a channel, or a reader, remembers. */
export const CHAIN_LINKS_MAX = 32;

/** A chain as it crosses the wire; that its starts ascend is for whoever compares it to check. */
export const chain: Decoder<EpochChain> = array(
  object({ epoch, start: integer({ min: 0 }) }),
  CHAIN_LINKS_MAX,
);

/** The history that wrote `offset`; `undefined` where the chain does not reach back so far. */
export function epochAt(links: EpochChain, offset: number): string | undefined {
  return links.findLast(link => link.start <= offset)?.epoch;
}

/** Adds the history of an entry, unless it is the newest already, and forgets the oldest beyond the bound. */
export function extendChain(links: EpochChain, position: Position): EpochChain {
  if (links.at(-1)?.epoch === position.epoch) return links;
  return [...links, { epoch: position.epoch, start: position.offset }].slice(-CHAIN_LINKS_MAX);
}
