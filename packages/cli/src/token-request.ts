import { err, ok, type Result } from '@kittiwake/base';
import type { CliProblem } from './cli-problem.ts';

/** What a member may do; the same verbs as in the token's `kw` claim. */
export const VERBS = ['join', 'publish', 'presence', 'history'] as const;
export type Verb = (typeof VERBS)[number];

/** Channel patterns per verb. */
export type Grants = { readonly [V in Verb]: readonly string[] };

/** The token that is wanted. */
export type TokenRequest = { readonly user: string; readonly grants: Grants; readonly ttlSeconds: number };

/** Options of `kittiwake token` as they were typed. */
export type TokenOptions = {
  readonly user?: string | undefined;
  readonly ttl: string;
  readonly join?: readonly string[] | undefined;
  readonly publish?: readonly string[] | undefined;
  readonly presence?: readonly string[] | undefined;
  readonly history?: readonly string[] | undefined;
};

const SECONDS = { s: 1, m: 60, h: 3_600, d: 86_400 } as const;
const TTL_SECONDS_MAX = 366 * 86_400;
const PATTERNS_MAX = 64;
const PATTERN = /^[A-Za-z0-9_.@*:{}-]{1,200}$/;
const EXAMPLE = "Try: kittiwake token --user alice --join 'chat:*'";

/** Makes a request of the options; publish, presence and history are granted where join is, unless they are given. */
export function parseTokenRequest(options: TokenOptions): Result<TokenRequest, CliProblem> {
  const { user, join } = options;
  if (user === undefined || user === '') return err({ message: 'A token needs a user.', next: EXAMPLE });
  if (Buffer.byteLength(user) > 256)
    return err({ message: 'The user is longer than 256 bytes.', next: EXAMPLE });
  if (join === undefined) return err({ message: 'A token needs channels.', next: EXAMPLE });
  const ttlSeconds = parseTtl(options.ttl);
  if (ttlSeconds === undefined) {
    return err({
      message: `--ttl ${options.ttl} is not a time from 1s to 366d.`,
      next: 'Write it like 90s, 15m, 1h or 7d.',
    });
  }
  const { publish = join, presence = join, history = join } = options;
  const grants = { join, publish, presence, history };
  for (const verb of VERBS) {
    const problem = findProblem(verb, grants[verb]);
    if (problem !== undefined) return err(problem);
  }
  return ok({ user, grants, ttlSeconds });
}

/** Collects patterns of an option that may come again, each of them a list divided by commas. */
export function collectPatterns(text: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), ...text.split(',').filter(pattern => pattern !== '')];
}

function parseTtl(text: string): number | undefined {
  const match = /^([0-9]{1,9})([smhd])$/.exec(text);
  const unit = match?.[2] as keyof typeof SECONDS | undefined;
  const seconds = unit === undefined ? 0 : Number(match?.[1]) * SECONDS[unit];
  return seconds >= 1 && seconds <= TTL_SECONDS_MAX ? seconds : undefined;
}

function findProblem(verb: Verb, patterns: readonly string[]): CliProblem | undefined {
  if (patterns.length > PATTERNS_MAX) {
    return {
      message: `--${verb} has more than ${PATTERNS_MAX} patterns.`,
      next: 'Use * and ** to cover many channels with one.',
    };
  }
  const bad = patterns.find(pattern => !PATTERN.test(pattern));
  if (bad === undefined) return undefined;
  const next =
    "Use letters, digits, _ - . @ in segments divided by :, * for one segment, ** for the rest; quote it: 'chat:*'.";
  return { message: `--${verb} ${JSON.stringify(bad)} is not a channel pattern.`, next };
}
