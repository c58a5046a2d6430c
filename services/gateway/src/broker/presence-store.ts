import type { Result } from '@kittiwake/base';
import type { ChannelName, PresenceEntry, SessionId } from '@kittiwake/protocol';
import type { BrokerFailure } from './broker.ts';

/** A change of who is in a channel. */
export type PresenceChange = {
  readonly channel: ChannelName;
  readonly set: readonly PresenceEntry[];
  readonly left: readonly SessionId[];
};

/**
 * Keeps who is in which channel, for all gateways. Entries expire unless touched, so a dead gateway's members leave, once.
 * The store that sets an entry owns it; a session that is continued elsewhere takes its entry along, so `remove` by a
 * store that no longer owns the entry does nothing and reports nothing (SPEC E4).
 */
export type PresenceStore = {
  start(onChange: (change: PresenceChange) => void): Promise<void>;
  stop(): Promise<void>;
  /** Changes of the channel are reported from here on, own ones included. */
  watch(channel: ChannelName): Promise<Result<void, BrokerFailure>>;
  unwatch(channel: ChannelName): Promise<void>;
  /**
   * `attempt` says which connect of its session shows it, 0 where that is not counted: where a later one shows something
   * through another store, this changes nothing, however late it comes (SPEC S6, E4).
   */
  set(channel: ChannelName, entry: PresenceEntry, attempt: number): Promise<Result<void, BrokerFailure>>;
  remove(channel: ChannelName, member: SessionId): Promise<Result<void, BrokerFailure>>;
  list(channel: ChannelName): Promise<Result<readonly PresenceEntry[], BrokerFailure>>;
};
