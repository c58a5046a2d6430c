import type { ChannelName, EpochChain, Position } from '@kittiwake/protocol';
import type { SimHost } from '@kittiwake/testkit';
import type { BrokerTier, TierDeps } from '../../../src/broker/tier-options.ts';

/** A channel's true history at one moment: what the primary holds that everybody but itself agrees on. */
export type Canonical = {
  readonly head: Position;
  readonly chain: EpochChain;
};

/** What carries publications between the gateways of one world, as the world sees it. */
export type SimTier = {
  /** The ports of one gateway process. */
  tierFor(host: SimHost, deps: TierDeps): BrokerTier;
  canonical(channel: ChannelName): Canonical;
  /** Offset of the oldest entry that is kept; head + 1 where none is. */
  firstKept(channel: ChannelName): number;
  /** Until when somebody may have been told what is not true of this history: there were two primaries. */
  readonly doubtfulUntilMs: number;
  /** Since when it has had one primary that may write; now where it has not. */
  readonly healthySinceMs: number;
  /** Whether the one that leads must have an entry, whatever it says of itself. */
  holds(channel: ChannelName, position: Position): boolean;
  /** Whether an entry was gone for a while before the one that leads did: who was told so then may hear it only now. */
  wasGone(channel: ChannelName, position: Position): boolean;
  /** Who is listed in a channel's presence. */
  listed(channel: ChannelName): readonly string[];
  /** Whether a gateway's machine has a subscription that is dead and looks alive. */
  isDeaf(gateway: string): boolean;
  /** Whether an entry that was acknowledged as replicated had to outlive all that happened since. */
  keeps(channel: ChannelName, position: Position): boolean;
};

/** Is told of every entry that any history holds, when it is written. */
export type OnStored = (channel: ChannelName, position: Position, id: string) => void;
