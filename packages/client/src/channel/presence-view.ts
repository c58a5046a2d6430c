import type { PresenceDiff, PresenceEntry, PresenceSync } from '@kittiwake/protocol';

/** Who is in a channel, oldest entry first. The same array is returned until somebody changes. */
export type PresenceView = readonly PresenceEntry[];

/** Nobody, or nobody known yet. */
export const NOBODY: PresenceView = [];

/** The view after a `presence-sync`: what was known before is replaced (SPEC E2). */
export function syncPresence(sync: PresenceSync): PresenceView {
  return withChanges(new Map(), sync.members);
}

/** The view after a `presence-diff`; applying it twice is harmless (SPEC E3). */
export function applyPresence(view: PresenceView, diff: PresenceDiff): PresenceView {
  const members = new Map(view.map(entry => [entry.member, entry]));
  for (const member of diff.left) members.delete(member);
  return withChanges(members, diff.set);
}

function withChanges(members: Map<string, PresenceEntry>, set: readonly PresenceEntry[]): PresenceView {
  for (const entry of set) members.set(entry.member, entry);
  return [...members.values()];
}
