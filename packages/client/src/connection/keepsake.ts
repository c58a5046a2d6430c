import type { Keepsake } from './connection-state.ts';

/** What is kept when the token was refused: the session alone, so that a new token is fetched. */
export function forgetToken({ session }: Keepsake): Keepsake {
  return session === undefined ? {} : { session };
}
