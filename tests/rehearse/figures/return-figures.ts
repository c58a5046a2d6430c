import type { LinkLine } from '../../drill/checker/pulse-lines.ts';

/** Who was on one of these gateways at a moment, by what each client wrote down last before. */
export function clientsOn(
  links: readonly LinkLine[],
  gateways: ReadonlySet<string>,
  atMs: number,
): ReadonlySet<string> {
  const last = new Map<string, LinkLine>();
  for (const link of links.toSorted((one, other) => one.atMs - other.atMs))
    if (link.atMs < atMs) last.set(link.client, link);
  const there = [...last.values()].filter(link => link.what !== 'left' && gateways.has(link.gateway));
  return new Set(there.map(({ client }) => client));
}

/**
 * From `fromMs` until each of these clients was connected again, on whatever gateway, after it had lost its connection or
 * moved, in milliseconds, ascending; and how many never came back.
 */
export function returnsOf(
  links: readonly LinkLine[],
  clients: ReadonlySet<string>,
  fromMs: number,
): { readonly afterMs: readonly number[]; readonly missing: number } {
  const back = new Map<string, number>();
  for (const { what, client, atMs } of links) {
    if (what === 'left' || atMs < fromMs || !clients.has(client)) continue;
    back.set(client, Math.min(back.get(client) ?? Number.POSITIVE_INFINITY, atMs - fromMs));
  }
  return {
    afterMs: [...back.values()].toSorted((one, other) => one - other),
    missing: clients.size - back.size,
  };
}
