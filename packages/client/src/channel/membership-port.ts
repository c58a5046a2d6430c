import type { Clock, Random } from '@kittiwake/base';
import type {
  ChannelName,
  EpochChain,
  Json,
  Position,
  PresenceDiff,
  PresenceSync,
  Publication,
  ResumeOutcome,
  Truncated,
} from '@kittiwake/protocol';
import type { Wire } from '../connection/wire.ts';
import type { Counters } from '../counters.ts';
import type { HistorySight } from '../publish/history-cut.ts';
import type { ChannelState } from './channel-state.ts';
import type { PresenceView } from './presence-view.ts';
import type { HistoryChange } from './resume.ts';

/** How a join ended: what became of the history, and how many publications follow because of it. */
export type Resumed = {
  readonly outcome: ResumeOutcome;
  readonly replayed: number;
  readonly position: Position;
};

/** What the owner of a membership is told. */
export type MembershipHandler = {
  publication(publication: Publication): void;
  historyChanged(change: HistoryChange): void;
  /** Something that may concern what was acknowledged in this channel. */
  saw(sight: HistorySight): void;
  resumed(resumed: Resumed): void;
  presence(view: PresenceView): void;
  state(state: ChannelState): void;
};

/** How a membership begins. */
export type MembershipStart = {
  readonly position?: Position;
  readonly chain?: EpochChain;
  readonly presence?: Json;
};

/** What a membership needs. */
export type MembershipDeps = {
  readonly name: ChannelName;
  readonly wire: Wire;
  readonly online: () => boolean;
  readonly clock: Clock;
  readonly random: Random;
  readonly counters: Counters;
  readonly handler: MembershipHandler;
};

/** A message that belongs to one channel. */
export type ChannelMessage = Publication | Truncated | PresenceSync | PresenceDiff;
