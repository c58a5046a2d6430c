/**
 * A token, or how to get one. The callback is called for the first connection, before a token expires, and after a
 * refusal; it may fail, and is asked again after a backoff.
 */
export type TokenSource = string | (() => Promise<string>);

/**
 * What a token callback throws to say that there will be no token: the client closes instead of asking again.
 * @example
 * const token = async () => {
 *   const response = await fetch('/token', { method: 'POST' });
 *   if (response.status === 401) throw new TokenRefusedError('signed out');
 *   return response.text();
 * };
 */
export class TokenRefusedError extends Error {
  override readonly name = 'TokenRefusedError';
}

/** What came of asking for a token; `final` where it is no use to ask again. */
export type TokenOutcome = { readonly token: string } | { readonly failed: unknown; readonly final: boolean };

/** Asks the source. Never rejects: a failure is a value. */
export async function fetchToken(source: TokenSource): Promise<TokenOutcome> {
  if (typeof source === 'string') return { token: source };
  try {
    const token: unknown = await source();
    if (typeof token === 'string') return { token };
    return { failed: 'the token callback did not return a string', final: false };
  } catch (reason) {
    return { failed: reason, final: reason instanceof TokenRefusedError };
  }
}
