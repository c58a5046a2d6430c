import type { Random, Result } from '@kittiwake/base';
import { Command, CommanderError, Option } from 'commander';
import { type CliProblem, EXIT } from './cli-problem.ts';
import { addClusterCommands } from './cluster/add-cluster-commands.ts';
import type { ClusterDeps } from './cluster/cluster-commands.ts';
import { createClusterSource } from './cluster-source.ts';
import { createDevSource } from './dev-source.ts';
import { describeContents, inspectToken } from './inspect-token.ts';
import type { ReadSecret } from './read-secret.ts';
import { collectPatterns, parseTokenRequest, type TokenOptions, type TokenRequest } from './token-request.ts';
import { firstOf, type IssuedToken, type TokenSource } from './token-source.ts';

/** What the command line touches. */
export type CliDeps = ClusterDeps & {
  readonly random: Random;
  readonly readSecret: ReadSecret;
};

type TokenCommandOptions = TokenOptions & {
  readonly from: 'auto' | 'cluster' | 'dev';
  readonly url: string;
  readonly namespace: string;
  readonly issuer: string;
  readonly audience: string;
  readonly json?: boolean;
};

const EXAMPLES = `
Examples:
  $ npx kittiwake token --user alice --join 'chat:*'
  $ npx kittiwake token --user bob --join 'feed:**' --publish '' --ttl 15m
  $ npx kittiwake token --user carol --join 'chat:*,inbox:{user}' --from dev --url http://localhost:8001
  $ npx kittiwake token inspect eyJhbGciOiJIUzI1NiJ9...

Exit codes: 0 done, 1 could not do it, 2 wrong usage.`;

/** Runs one command; the answer is the exit code. `args` are what stands behind the command's name. */
export async function runCli(args: readonly string[], deps: CliDeps): Promise<number> {
  let code: number = EXIT.done;
  const program = createProgram(deps, result => {
    code = result;
  });
  try {
    await program.parseAsync([...args], { from: 'user' });
    return code;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  }
}

function createProgram(deps: CliDeps, done: (code: number) => void): Command {
  const program = new Command('kittiwake')
    .description('Tools for a Kittiwake cluster, and for npm start.')
    .configureOutput({ writeOut: deps.out, writeErr: deps.error })
    .showHelpAfterError('(add --help for all options and examples)')
    .exitOverride();
  addTokenCommands(program, deps, done);
  addClusterCommands(program, deps, done);
  return program;
}

function addTokenCommands(program: Command, deps: CliDeps, done: (code: number) => void): void {
  const token = program
    .command('token')
    .description('Make a token for the running cluster (from its Secret), or for npm start.')
    .option('--user <name>', 'who the token speaks for')
    .option('--join <patterns>', 'channels to join; repeat it, or divide by commas', collectPatterns)
    .option(
      '--publish <patterns>',
      "channels to publish in (default: those of --join; '' for none)",
      collectPatterns,
    )
    .option(
      '--presence <patterns>',
      'channels to see and show presence in (default: those of --join)',
      collectPatterns,
    )
    .option('--history <patterns>', 'channels to read history of (default: those of --join)', collectPatterns)
    .option('--ttl <time>', 'how long it is good: 90s, 15m, 1h, 7d', '1h')
    .addOption(new Option('--from <source>', 'who signs').choices(['auto', 'cluster', 'dev']).default('auto'))
    .option('--url <address>', 'development gateway', 'http://localhost:8000')
    .option('--namespace <name>', 'namespace in the cluster', 'kittiwake')
    .option('--issuer <name>', 'issuer that the cluster expects', 'kittiwake')
    .option('--audience <name>', 'audience that the cluster expects', 'kittiwake')
    .option('--json', 'print JSON: token, user, grants, from, expiresAt')
    .addHelpText('after', EXAMPLES)
    .action(async (options: TokenCommandOptions) => done(await makeToken(options, deps)));
  token
    .command('inspect <jwt>')
    .description('Show what a token says; its signature is not checked.')
    .option('--json', 'print JSON')
    .action((jwt: string, _options: object, command: Command) =>
      done(inspect(jwt, command.optsWithGlobals(), deps)),
    );
}

async function makeToken(options: TokenCommandOptions, deps: CliDeps): Promise<number> {
  const request = parseTokenRequest(options);
  if (!request.ok) return fail(request.error, EXIT.usage, deps);
  const issued: Result<IssuedToken, CliProblem> = await chooseSource(options, deps).issue(request.value);
  if (!issued.ok) return fail(issued.error, EXIT.failed, deps);
  print(request.value, issued.value, { ...deps, json: options.json === true });
  return EXIT.done;
}

function chooseSource(options: TokenCommandOptions, deps: CliDeps): TokenSource {
  const cluster = createClusterSource({ ...options, ...deps });
  const dev = createDevSource(options.url);
  return { auto: firstOf(cluster, dev), cluster, dev }[options.from];
}

function print(
  { user, grants, ttlSeconds }: TokenRequest,
  { token, from }: IssuedToken,
  io: CliDeps & { readonly json: boolean },
): void {
  const expiresAt = new Date(io.clock.nowMs() + ttlSeconds * 1_000).toISOString();
  if (io.json) {
    io.out(`${JSON.stringify({ token, user, grants, from, expiresAt })}\n`);
    return;
  }
  // The token alone goes to stdout, so that TOKEN=$(npx kittiwake token …) works.
  io.error(`${user} · join ${grants.join.join(' ')} · until ${expiresAt} · ${from}\n`);
  io.out(`${token}\n`);
}

function inspect(jwt: string, options: { readonly json?: boolean }, deps: CliDeps): number {
  const contents = inspectToken(jwt, deps.clock.nowMs());
  if (!contents.ok) return fail(contents.error, EXIT.failed, deps);
  deps.out(`${options.json === true ? JSON.stringify(contents.value) : describeContents(contents.value)}\n`);
  return EXIT.done;
}

function fail({ message, next }: CliProblem, code: number, deps: CliDeps): number {
  deps.error(`${message}\n${next}\n`);
  return code;
}
