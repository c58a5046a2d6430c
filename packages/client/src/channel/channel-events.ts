import type { Failure } from '../failure.ts';
import type { Lost } from '../publish/publish-events.ts';
import type { PublicationOf } from '../typed-events.ts';
import type { ChannelState } from './channel-state.ts';
import type { Resumed } from './membership-port.ts';
import type { PresenceView } from './presence-view.ts';
import type { HistoryChange } from './resume.ts';

/** What a channel tells its listeners. */
export type ChannelEvents<Events> = {
  /** Each publication once, in order of its offset (SPEC K10). */
  publication: PublicationOf<Events>;
  /** Publications that were seen are no longer part of the channel. */
  truncated: Extract<HistoryChange, { outcome: 'truncated' }>;
  /** Publications that will never be seen: the channel no longer keeps them. */
  trimmed: Extract<HistoryChange, { outcome: 'trimmed' }>;
  /** The history is another one: read the state anew. */
  unknown: Extract<HistoryChange, { outcome: 'unknown' }>;
  /** A join was answered, or the history changed: what became of it, and how many publications follow. */
  resumed: Resumed;
  presence: PresenceView;
  state: ChannelState;
  /** Publishes of this client that were acknowledged, are gone, and are not to be, or cannot be, published again (SPEC K16, K17). */
  lost: Lost;
  /** The gateway refused something that nobody waits for, or the producer of this channel was fenced. */
  error: Failure;
};
