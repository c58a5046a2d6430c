import { array, type Decoder, literal, object } from '../decode.ts';
import { channel } from '../fields.ts';
import type { ChannelName } from '../ids.ts';
import { LIMITS } from '../limits.ts';
import { type PresenceEntry, presenceEntry } from '../presence-entry.ts';

/** Everybody who is here: replaces what the client knew (SPEC E2). Follows `joined`, and repairs after a failure. */
export type PresenceSync = {
  readonly type: 'presence-sync';
  readonly channel: ChannelName;
  readonly members: readonly PresenceEntry[];
};

export const presenceSync: Decoder<PresenceSync> = object({
  type: literal('presence-sync'),
  channel,
  members: array(presenceEntry, LIMITS.arrayLengthMax),
});
