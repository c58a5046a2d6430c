import type { PresenceEntry, SessionId } from '@kittiwake/protocol';

/** Who shows themselves in one channel, as this gateway knows it. */
export class PresenceView {
  readonly #entries = new Map<SessionId, PresenceEntry>();

  /** Takes over the whole list. */
  replace(entries: readonly PresenceEntry[]): void {
    this.#entries.clear();
    for (const entry of entries) this.#entries.set(entry.member, entry);
  }

  /** Applies a change; applying one twice is harmless (SPEC E3). */
  apply(change: { readonly set: readonly PresenceEntry[]; readonly left: readonly SessionId[] }): void {
    for (const member of change.left) this.#entries.delete(member);
    for (const entry of change.set) this.#entries.set(entry.member, entry);
  }

  /** Everybody, in the order in which they came. */
  entries(): readonly PresenceEntry[] {
    return [...this.#entries.values()];
  }
}
