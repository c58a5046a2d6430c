import { type Decoder, object } from './decode.ts';
import { json, sessionId, userId } from './fields.ts';
import type { SessionId, UserId } from './ids.ts';
import type { Json } from './json.ts';

/** What one member of a channel shows of itself. A user with two tabs is two members. */
export type PresenceEntry = { readonly member: SessionId; readonly user: UserId; readonly data: Json };

export const presenceEntry: Decoder<PresenceEntry> = object({ member: sessionId, user: userId, data: json });
