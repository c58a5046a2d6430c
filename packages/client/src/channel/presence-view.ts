import type { PresenceDiff, PresenceEntry, PresenceSync } from '@kittiwake/protocol';

/** Who is in a channel, oldest entry first. The same array is returned until somebody changes. */
export type PresenceView = readonly PresenceEntry[];

/** Nobody, or nobody known yet. */
export const NOBODY: PresenceView = [];

/** The view after a `presence-sync`: what was known before is replaced (SPEC E2), and is the same where nothing changed. */
export function syncPresence(view: PresenceView, sync: PresenceSync): PresenceView {
  const next = withChanges(new Map(), sync.members);
  return isSame(view, next) ? view : next;
}

/** The view after a `presence-diff`; applying it twice is harmless (SPEC E3). */
export function applyPresence(view: PresenceView, diff: PresenceDiff): PresenceView {
  const members = new Map(view.map(entry => [entry.member, entry]));
  for (const member of diff.left) members.delete(member);
  const next = withChanges(members, diff.set);
  return isSame(view, next) ? view : next;
}

function withChanges(members: Map<string, PresenceEntry>, set: readonly PresenceEntry[]): PresenceView {
  for (const entry of set) members.set(entry.member, entry);
  return [...members.values()];
}

/** The order counts: it is that of the list. */
function isSame(one: PresenceView, other: PresenceView): boolean {
  return one.length === other.length && JSON.stringify(one) === JSON.stringify(other);
}
