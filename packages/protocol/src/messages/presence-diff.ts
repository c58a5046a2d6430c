import { array, type Decoder, literal, object } from '../decode.ts';
import { channel, sessionId } from '../fields.ts';
import type { ChannelName, SessionId } from '../ids.ts';
import { LIMITS } from '../limits.ts';
import { type PresenceEntry, presenceEntry } from '../presence-entry.ts';

/** What changed in a channel's presence: who is there now with which data, and who is gone (SPEC E3). Applying it twice is harmless. */
export type PresenceDiff = {
  readonly type: 'presence-diff';
  readonly channel: ChannelName;
  readonly set: readonly PresenceEntry[];
  readonly left: readonly SessionId[];
};

export const presenceDiff: Decoder<PresenceDiff> = object({
  type: literal('presence-diff'),
  channel,
  set: array(presenceEntry, LIMITS.arrayLengthMax),
  left: array(sessionId, LIMITS.arrayLengthMax),
});
