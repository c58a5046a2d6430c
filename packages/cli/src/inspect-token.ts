import { err, ok, type Result } from '@kittiwake/base';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import type { CliProblem } from './cli-problem.ts';

/** What a token says; whether its signature holds is not looked at. */
export type TokenContents = {
  readonly header: { readonly [name: string]: unknown };
  readonly claims: { readonly [name: string]: unknown };
  readonly expired: boolean | undefined;
};

/** Reads a token without any key. */
export function inspectToken(token: string, nowMs: number): Result<TokenContents, CliProblem> {
  try {
    const claims = decodeJwt(token);
    const header = { ...decodeProtectedHeader(token) };
    return ok({
      header,
      claims,
      expired: claims.exp === undefined ? undefined : claims.exp * 1_000 <= nowMs,
    });
  } catch {
    return err({
      message: 'That is not a JWT.',
      next: 'Give the whole token: three parts with dots between them.',
    });
  }
}

/** The contents for people: one fact a line. */
export function describeContents({ header, claims, expired }: TokenContents): string {
  const { sub, kw, exp, iat, nbf, ...rest } = claims;
  const lines: [string, unknown][] = [
    ['user', sub],
    ...Object.entries(typeof kw === 'object' && kw !== null ? kw : {}).map(
      ([verb, patterns]): [string, unknown] => [
        verb,
        Array.isArray(patterns) ? patterns.join(' ') : patterns,
      ],
    ),
    ['issued', timeOf(iat)],
    ['not before', timeOf(nbf)],
    [
      'expires',
      exp === undefined
        ? 'never: gateways refuse this'
        : `${timeOf(exp)}${expired === true ? ' (expired)' : ''}`,
    ],
    ...Object.entries(rest),
    ...Object.entries(header).map(([name, value]): [string, unknown] => [`header ${name}`, value]),
    ['signature', 'not checked'],
  ];
  const shown = lines.filter(([, value]) => value !== undefined && value !== '');
  return shown
    .map(([name, value]) => `${name.padEnd(12)} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join('\n');
}

function timeOf(seconds: unknown): string | undefined {
  if (typeof seconds !== 'number' || Math.abs(seconds) > 8.64e12) return undefined;
  return new Date(seconds * 1_000).toISOString();
}
