import { infoField } from './info-field.ts';

/** What a server says about its place in replication. */
export type Replication =
  | { readonly role: 'master'; readonly replid: string }
  | { readonly role: 'other'; readonly reason: string };

const REPLID = /^[0-9a-f]{40}$/;

/**
 * Reads the section `replication` of `INFO`. A primary's `master_replid` names its history: Redis makes a new one at every
 * promotion and start, so it cannot survive a failover that lost entries, as a key could (SPEC B2).
 */
export function readReplication(info: string): Replication {
  const role = infoField(info, 'role');
  if (role !== 'master') return { role: 'other', reason: `role is ${role ?? 'not told'}` };
  const replid = infoField(info, 'master_replid');
  if (replid === undefined || !isReplid(replid)) return { role: 'other', reason: 'no replid is told' };
  return { role: 'master', replid };
}

/** The policy by which the server evicts keys once its memory is full; `undefined` where it never does, or does not say. */
export function readEviction(info: string): string | undefined {
  const isBounded = Number(infoField(info, 'maxmemory') ?? 0) > 0;
  const policy = infoField(info, 'maxmemory_policy');
  return isBounded && policy !== 'noeviction' ? policy : undefined;
}

/** Whether a text is the name of a history, as Redis makes them. */
export function isReplid(text: string): boolean {
  return REPLID.test(text);
}
