import { err, ok, type Result } from '../../packages/base/src/result.ts';
import { PROFILE_NAMES, type Profile, type ProfileName } from '../profiles/profile.ts';
import { PROFILES } from '../profiles/profiles.ts';

/** Who breaks the connections in `storm`: the script itself, or somebody who kills a gateway while it runs. */
export type Kill = 'self' | 'outside';

/** Where tokens come from: given, signed here with the cluster's key, or asked of the development issuer. */
export type TokenSource =
  | { readonly kind: 'given'; readonly tokens: readonly string[] }
  | { readonly kind: 'signed'; readonly key: string }
  | { readonly kind: 'issuer'; readonly url: string };

/** What a run was asked for. */
export type Settings = {
  readonly url: string;
  readonly profile: Profile;
  readonly tokens: TokenSource;
  readonly kill: Kill;
  /** A WebSocket whose end is that of `steady`; `undefined`: the profile's time. */
  readonly until: string | undefined;
  /** Directory for the JSON summary; `undefined` writes none. */
  readonly resultsDir: string | undefined;
};

/** k6's `__ENV`: the `--env` arguments and the environment. */
export type Environment = { readonly [name: string]: string | undefined };

const DEFAULT_URL = 'ws://localhost:8000/v1/ws';

/** Reads the settings, or says everything that is wrong with them. */
export function readSettings(env: Environment): Result<Settings, readonly string[]> {
  const url = env['URL'] ?? DEFAULT_URL;
  const profile = env['PROFILE'] ?? 'smoke';
  const kill = env['KILL'] ?? 'outside';
  const until = env['UNTIL'];
  const problems: string[] = [];
  if (!/^wss?:\/\/[^/]+\//.test(url)) problems.push(`URL must look like ${DEFAULT_URL}, not ${url}`);
  if (until !== undefined && !/^wss?:/.test(until))
    problems.push(`UNTIL must be the address of a WebSocket, not ${until}`);
  if (!isProfileName(profile))
    problems.push(`PROFILE must be one of ${PROFILE_NAMES.join(', ')}, not ${profile}`);
  if (kill !== 'self' && kill !== 'outside') problems.push(`KILL must be self or outside, not ${kill}`);
  if (problems.length > 0 || !isProfileName(profile)) return err(problems);
  return ok({
    url,
    profile: PROFILES[profile],
    tokens: tokenSource(env, url),
    kill: kill === 'self' ? 'self' : 'outside',
    until,
    resultsDir: env['RESULTS_DIR'] === '' ? undefined : (env['RESULTS_DIR'] ?? 'load-tests/results'),
  });
}

function tokenSource(env: Environment, url: string): TokenSource {
  const given = env['TOKEN'];
  if (given !== undefined && given !== '') return { kind: 'given', tokens: given.split(',') };
  const key = env['SIGNING_KEY'];
  if (key !== undefined && key !== '') return { kind: 'signed', key };
  return {
    kind: 'issuer',
    url: env['API_URL'] ?? url.replace(/^ws/, 'http').replace(/(:\/\/[^/]+)\/.*$/, '$1'),
  };
}

function isProfileName(text: string): text is ProfileName {
  return PROFILE_NAMES.some(name => name === text);
}
