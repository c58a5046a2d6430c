import { infoField } from './info-field.ts';

/** What a server says about its place in replication. */
export type Replication =
  | { readonly role: 'master'; readonly replid: string }
  | { readonly role: 'other'; readonly reason: string };

const REPLID = /^[0-9a-f]{40}$/;
const LIMIT = /^[1-9]\d*$/;

/**
 * Reads the section `replication` of `INFO`. A primary's `master_replid` names its history: Redis makes a new one at every
 * promotion and start, so it cannot survive a failover that lost entries, as a key could (SPEC B2).
 */
export function readReplication(info: string): Replication {
  const role = infoField(info, 'role');
  if (role !== 'master') return { role: 'other', reason: `role is ${role ?? 'not told'}` };
  const replid = readReplid(info, 'master_replid');
  return replid === undefined ? { role: 'other', reason: 'no replid is told' } : { role: 'master', replid };
}

/** The policy by which the server evicts keys once its memory is full; `undefined` where it never does, or does not say. */
export function readEviction(info: string): string | undefined {
  const policy = infoField(info, 'maxmemory_policy');
  const isBounded = LIMIT.test(infoField(info, 'maxmemory') ?? '');
  return policy === 'noeviction' || !isBounded ? undefined : policy;
}

/** The name of the history that a server is in, or was in before; `undefined` where none is told. */
export function readReplid(info: string, field: 'master_replid' | 'master_replid2'): string | undefined {
  const replid = infoField(info, field);
  return replid !== undefined && REPLID.test(replid) ? replid : undefined;
}
