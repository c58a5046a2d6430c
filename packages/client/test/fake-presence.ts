import type { ChannelName, PresenceDiff, PresenceEntry, SessionId, UserId } from '@kittiwake/protocol';

/** Who is in which channel of the fake gateway. */
export class FakePresence {
  readonly #channels = new Map<ChannelName, Map<SessionId, PresenceEntry>>();

  members(channel: ChannelName): PresenceEntry[] {
    return [...(this.#channels.get(channel)?.values() ?? [])];
  }

  /** Shows `data` of a member, or takes it off the list with `null`; gives what the others are told. */
  show(
    channel: ChannelName,
    member: SessionId,
    data: PresenceEntry['data'],
  ): Pick<PresenceDiff, 'set' | 'left'> {
    const entries = this.#channels.get(channel) ?? new Map<SessionId, PresenceEntry>();
    this.#channels.set(channel, entries);
    if (data === null) {
      entries.delete(member);
      return { set: [], left: [member] };
    }
    const entry = { member, user: 'ada' as UserId, data };
    entries.set(member, entry);
    return { set: [entry], left: [] };
  }
}
