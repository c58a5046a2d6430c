import { createHash } from 'node:crypto';
import type { Random } from '@kittiwake/base';
import type { SessionId, UserId } from '@kittiwake/protocol';

/**
 * A session's id is seen by others in presence, so knowing one must not be enough to continue it: it carries a digest of
 * its user, and only a token of that user continues it (SPEC S6). The rest is random.
 */
export function newSessionId(user: UserId, random: Random): SessionId {
  return `${userDigest(user)}-${random.hex(12)}` as SessionId;
}

/** The id that `user` gets who asks to continue `wanted`: that one where it is its own, else a new one. */
export function continuedSessionId(wanted: SessionId | undefined, user: UserId, random: Random): SessionId {
  const own = wanted?.startsWith(`${userDigest(user)}-`) === true;
  return own && wanted !== undefined ? wanted : newSessionId(user, random);
}

function userDigest(user: UserId): string {
  return createHash('sha256').update(user).digest('hex').slice(0, 16);
}
