import type { Result } from '@kittiwake/base';
import type { CliProblem } from './cli-problem.ts';
import type { TokenRequest } from './token-request.ts';

/** A token, and where it is good. */
export type IssuedToken = { readonly token: string; readonly from: string };

/** Something that makes tokens: a cluster's signing key, or a development gateway. Never throws. */
export type TokenSource = { issue(request: TokenRequest): Promise<Result<IssuedToken, CliProblem>> };

/** Tries one source, then the other; where both fail, says why each did. */
export function firstOf(first: TokenSource, second: TokenSource): TokenSource {
  return {
    async issue(request) {
      const one = await first.issue(request);
      if (one.ok) return one;
      const two = await second.issue(request);
      if (two.ok) return two;
      const message = `${one.error.message}\n${two.error.message}`;
      return { ok: false, error: { message, next: `${two.error.next} Or: ${one.error.next}` } };
    },
  };
}
