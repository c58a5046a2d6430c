import type { UserId } from '@kittiwake/protocol';

/** What a member may do in a channel. */
export const VERBS = ['join', 'publish', 'presence', 'history'] as const;
export type Verb = (typeof VERBS)[number];

/** Channel patterns per verb, as the token grants them (SPEC A5). */
export type Grants = { readonly [V in Verb]: readonly string[] };

/** Who a verified token speaks for. */
export type Identity = {
  readonly user: UserId;
  /** `exp` of the token, milliseconds since 1970. */
  readonly expiresAtMs: number;
  readonly grants: Grants;
};
