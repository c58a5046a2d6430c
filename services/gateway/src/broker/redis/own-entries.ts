import type { ChannelName, SessionId } from '@kittiwake/protocol';

/** What a member of this gateway shows, as it is stored, which connect of its session shows it, and which change that was. */
export type OwnEntry = {
  readonly member: SessionId;
  readonly attempt: number;
  readonly order: number;
  readonly text: string;
};

/**
 * What a store keeps up: what its members show. A change counts from when it is asked for, so that it is put back
 * wherever it is lost; where it is refused, what stood before it stands (SPEC E1, E4).
 */
export class OwnEntries {
  readonly #channels = new Map<ChannelName, Map<SessionId, OwnEntry>>();
  /** Of each change that is on its way, what stood before it. */
  readonly #before = new Map<OwnEntry, OwnEntry | undefined>();

  /** All of them; what is done meanwhile changes nothing of what is returned. */
  all(): readonly (readonly [ChannelName, readonly OwnEntry[]])[] {
    return [...this.#channels].map(([channel, members]) => [channel, [...members.values()]]);
  }

  get(channel: ChannelName, member: SessionId): OwnEntry | undefined {
    return this.#channels.get(channel)?.get(member);
  }

  /** A change is asked for. */
  ask(channel: ChannelName, entry: OwnEntry): void {
    this.#before.set(entry, this.get(channel, entry.member));
    this.#put(channel, entry);
  }

  /** It is stored, or may be. */
  accepted(entry: OwnEntry): void {
    this.#before.delete(entry);
  }

  /** It was certainly not stored. */
  refused(channel: ChannelName, entry: OwnEntry): void {
    const before = this.#before.get(entry);
    this.#before.delete(entry);
    for (const [later, stood] of this.#before) if (stood === entry) this.#before.set(later, before);
    if (this.get(channel, entry.member) !== entry) return;
    if (before === undefined) this.remove(channel, entry.member);
    else this.#put(channel, before);
  }

  /** Another store has it; what was asked for after it is none of that. */
  lost(channel: ChannelName, entry: OwnEntry): void {
    if (this.get(channel, entry.member) === entry) this.remove(channel, entry.member);
  }

  /** The member is not kept up any more. */
  remove(channel: ChannelName, member: SessionId): void {
    const members = this.#channels.get(channel);
    members?.delete(member);
    if (members?.size === 0) this.#channels.delete(channel);
  }

  clear(): void {
    this.#channels.clear();
    this.#before.clear();
  }

  #put(channel: ChannelName, entry: OwnEntry): void {
    const members = this.#channels.get(channel) ?? new Map<SessionId, OwnEntry>();
    this.#channels.set(channel, members.set(entry.member, entry));
  }
}
