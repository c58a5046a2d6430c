import type { Position } from '@kittiwake/protocol';

/** One history, and the offset of the first entry that it wrote. */
export type ChainLink = { readonly epoch: string; readonly start: number };

/** The histories of a channel, oldest first, `start` ascending: link i wrote the offsets up to the start of link i + 1. */
export type EpochChain = readonly ChainLink[];

/** Longest chain that is kept: so many changes of history within what a channel remembers. */
export const CHAIN_LINKS_MAX = 32;

const LINK = /^([A-Za-z0-9_-]{1,64}):([1-9][0-9]{0,15})$/;

/** The history that wrote `offset`; `undefined` where the chain does not reach back so far. */
export function epochAt(chain: EpochChain, offset: number): string | undefined {
  return chain.findLast(link => link.start <= offset)?.epoch;
}

/** Adds the history of an entry, unless it is the newest already, and forgets the oldest beyond the bound. */
export function extendChain(chain: EpochChain, position: Position): EpochChain {
  if (chain.at(-1)?.epoch === position.epoch) return chain;
  return [...chain, { epoch: position.epoch, start: position.offset }].slice(-CHAIN_LINKS_MAX);
}

/** Reads `epoch:start,epoch:start`; the empty text is the empty chain, `undefined` where it is something else. */
export function parseChain(text: string): EpochChain | undefined {
  if (text === '') return [];
  const links: ChainLink[] = [];
  for (const part of text.split(',')) {
    const match = LINK.exec(part);
    const start = Number(match?.[2]);
    if (match?.[1] === undefined || start <= (links.at(-1)?.start ?? 0)) return undefined;
    links.push({ epoch: match[1], start });
  }
  return links;
}
