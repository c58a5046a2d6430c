import type { LinkLine } from '../../drill/checker/pulse-lines.ts';

/** How many clients connected anew or moved in a second, at most. */
export function peakPerSecond(links: readonly LinkLine[]): number {
  return busiestSecond(connectTimes(links));
}

/** Connects and moves by the second in which they were done. */
export function connectsBySecond(links: readonly LinkLine[]): ReadonlyMap<number, number> {
  return countBySecond(connectTimes(links));
}

/** When each connect and each move was done, in milliseconds since 1970. */
export function connectTimes(links: readonly LinkLine[]): readonly number[] {
  return links.filter(({ what }) => what !== 'left').map(({ atMs }) => atMs);
}

/** How many of these moments are in the second with the most. */
export function busiestSecond(timesMs: readonly number[]): number {
  return Math.max(0, ...countBySecond(timesMs).values());
}

function countBySecond(timesMs: readonly number[]): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (const timeMs of timesMs) {
    const second = Math.floor(timeMs / 1_000);
    counts.set(second, (counts.get(second) ?? 0) + 1);
  }
  return counts;
}

/** How often this happened to each client that it happened to. */
export function timesPerClient(
  links: readonly LinkLine[],
  what: LinkLine['what'],
): ReadonlyMap<string, number> {
  const times = new Map<string, number>();
  for (const link of links) if (link.what === what) times.set(link.client, (times.get(link.client) ?? 0) + 1);
  return times;
}

/** The most that this happened to one client. */
export function mostPerClient(links: readonly LinkLine[], what: LinkLine['what']): number {
  return Math.max(0, ...timesPerClient(links, what).values());
}

/** From the moment that each client was left without a connection until it had one again, in milliseconds, ascending. */
export function outagesOf(links: readonly LinkLine[]): readonly number[] {
  const outages: number[] = [];
  const leftAtMs = new Map<string, number>();
  for (const link of links.toSorted((one, other) => one.atMs - other.atMs)) {
    const left = leftAtMs.get(link.client);
    if (link.what === 'left') leftAtMs.set(link.client, left ?? link.atMs);
    else if (left !== undefined) {
      outages.push(link.atMs - left);
      leftAtMs.delete(link.client);
    }
  }
  return outages.toSorted((one, other) => one - other);
}
