import type { Clock, Random } from '@kittiwake/base';
import type {
  ChannelName,
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
import type { Failure } from '../failure.ts';
import type { HistorySight } from '../publish/history-cut.ts';
import type { Lost } from '../publish/publish-events.ts';
import type { ChannelState } from './channel-state.ts';
import type { PresenceView } from './presence-view.ts';
import type { HistoryChange, Move, ResumePoint } from './resume.ts';

/** How a join ended: what became of the history, and how many publications follow because of it. */
export type Resumed = {
  readonly outcome: ResumeOutcome;
  readonly replayed: number;
  readonly position: Position;
};

/** What the owner of a membership is told. */
export type MembershipHandler = {
  /** Takes a publication; false where there is no room: the channel is left until there is. */
  publication(publication: Publication, move: Move): boolean;
  /** The same for a change of the history. */
  historyChanged(change: HistoryChange, move: Move): boolean;
  /** Something that may concern what was acknowledged in this channel. */
  saw(sight: HistorySight): void;
  resumed(resumed: Resumed): void;
  presence(view: PresenceView): void;
  state(state: ChannelState): void;
  /** After a move the membership is where the connection is. */
  arrived(): void;
};

/** How a membership begins. */
export type MembershipStart = Partial<ResumePoint> & { readonly presence?: Json };

/** What a membership needs. */
export type MembershipDeps = {
  readonly name: ChannelName;
  readonly wire: Wire;
  readonly online: () => boolean;
  /** What was taken before is still worked on: nothing new is asked for. */
  readonly paused: () => boolean;
  readonly clock: Clock;
  readonly random: Random;
  readonly counters: Counters;
  readonly handler: MembershipHandler;
};

/** A message that belongs to one channel. */
export type ChannelMessage = Publication | Truncated | PresenceSync | PresenceDiff;

/** What a client tells a channel: its messages, changes of the connection, and what became of its publishes. */
export type ChannelNews =
  | ChannelMessage
  | { readonly type: 'online' | 'offline' | 'moved' }
  /** What the gateway before a move still says. */
  | { readonly type: 'former'; readonly message: ChannelMessage }
  | { readonly type: 'error'; readonly failure: Failure }
  | { readonly type: 'lost'; readonly lost: Lost };
