import { readEviction, readReplication } from './epoch.ts';
import type { LaneName, RedisClient } from './redis-client.ts';
import { missingRight, missingRights } from './rights.ts';

/** What a server turned out to be, asked on the connection of a lane. */
export type Finding =
  | { readonly kind: 'primary'; readonly replid: string; readonly evicts: string | undefined }
  /** It does not let this user do what the lane needs (SPEC B10). */
  | { readonly kind: 'denied'; readonly missing: readonly string[] }
  /** It is no primary, or does not answer. */
  | { readonly kind: 'useless'; readonly reason: string };

/** Asks who the server is, and whether it lets the lane do its work; `rights` only where that is in question. */
export async function examine(
  lane: LaneName,
  client: RedisClient,
  { rights }: { readonly rights: boolean },
): Promise<Finding> {
  const info = await client.info().catch((reason: unknown) => reason);
  if (typeof info !== 'string') {
    const right = missingRight(info instanceof Error ? info.message : '', 'info');
    return right === undefined
      ? { kind: 'useless', reason: 'no answer to INFO' }
      : { kind: 'denied', missing: [right] };
  }
  const found = readReplication(info);
  if (found.role !== 'master') return { kind: 'useless', reason: found.reason };
  const missing = rights ? await missingRights(lane, client).catch(() => undefined) : [];
  if (missing === undefined) return { kind: 'useless', reason: 'no answer to what it may do' };
  if (missing.length > 0) return { kind: 'denied', missing };
  return { kind: 'primary', replid: found.replid, evicts: readEviction(info) };
}
