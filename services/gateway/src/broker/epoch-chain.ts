import type { ChainLink, EpochChain } from '@kittiwake/protocol';

const LINK = /^([A-Za-z0-9_-]{1,64}):([1-9][0-9]{0,15})$/;

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
