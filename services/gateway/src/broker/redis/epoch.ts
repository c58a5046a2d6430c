/** What a server says about its place in replication. */
export type Replication =
  | { readonly role: 'master'; readonly replid: string }
  | { readonly role: 'other'; readonly reason: string };

const REPLID = /^master_replid:([0-9a-f]{40})\s*$/m;
const POLICY = /^maxmemory_policy:(\S+)\s*$/m;
const LIMIT = /^maxmemory:([1-9]\d*)\s*$/m;
const ROLE = /^role:(\S+)\s*$/m;

/**
 * Reads the section `replication` of `INFO`. A primary's `master_replid` names its history: Redis makes a new one at every
 * promotion and start, so it cannot survive a failover that lost entries, as a key could (SPEC B2).
 */
export function readReplication(info: string): Replication {
  const role = ROLE.exec(info)?.[1];
  if (role !== 'master') return { role: 'other', reason: `role is ${role ?? 'not told'}` };
  const replid = REPLID.exec(info)?.[1];
  return replid === undefined ? { role: 'other', reason: 'no replid is told' } : { role: 'master', replid };
}

/** The policy by which the server evicts keys once its memory is full; `undefined` where it never does, or does not say. */
export function readEviction(info: string): string | undefined {
  const policy = POLICY.exec(info)?.[1];
  return policy === 'noeviction' || !LIMIT.test(info) ? undefined : policy;
}
