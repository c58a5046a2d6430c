import { type Decoder, literal, object } from '../decode.ts';
import {
  channel,
  epochMillis,
  event,
  json,
  schemaVersion,
  sessionId,
  traceparent,
  userId,
} from '../fields.ts';
import type { ChannelName, EventName, SessionId, UserId } from '../ids.ts';
import type { Json } from '../json.ts';
import { type Position, position } from '../position.ts';

/** One event in a channel, delivered to its members in order of its position (SPEC C5). */
export type Publication = {
  readonly type: 'publication';
  readonly channel: ChannelName;
  readonly event: EventName;
  /** Schema version of the data. */
  readonly version: number;
  readonly data: Json;
  readonly position: Position;
  /** When the gateway accepted it, by that gateway's wall clock, milliseconds since 1970. */
  readonly atMs: number;
  /** Who published it; absent where a backend did. */
  readonly user?: UserId;
  readonly member?: SessionId;
  readonly traceparent?: string;
};

export const publication: Decoder<Publication> = object(
  {
    type: literal('publication'),
    channel,
    event,
    version: schemaVersion,
    data: json,
    position,
    atMs: epochMillis,
  },
  { user: userId, member: sessionId, traceparent },
);
