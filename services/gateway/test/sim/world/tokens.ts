import { type Clock, err, ok } from '@kittiwake/base';
import type { UserId } from '@kittiwake/protocol';
import type { Grants } from '../../../src/auth/identity.ts';
import type { TokenVerifier } from '../../../src/auth/token-verifier.ts';

const EVERYTHING = ['**'];
const GRANTS: Grants = { join: EVERYTHING, publish: EVERYTHING, presence: EVERYTHING, history: EVERYTHING };

/** A token of the simulated world: says who, and until when by the clock of whoever reads it. */
export function issueToken(user: string, expiresAtMs: number): string {
  return `${user} ${expiresAtMs}`;
}

/** Judges tokens by `clock`, as the real verifier judges signed ones. */
export function simVerifier(clock: Clock): TokenVerifier {
  return {
    verify: async token => {
      const [user = '', expires] = token.split(' ');
      const expiresAtMs = Number(expires);
      if (clock.nowMs() >= expiresAtMs)
        return err({ kind: 'token_expired', message: 'the token has expired' });
      return ok({ user: user as UserId, expiresAtMs, grants: GRANTS });
    },
  };
}
