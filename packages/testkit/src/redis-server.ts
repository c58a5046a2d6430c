import { execFile, spawnSync } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Child, startChild } from './child-process.ts';
import { freePort } from './free-port.ts';
import { makeMemoryDirectory } from './memory-directory.ts';

const run = promisify(execFile);

/** Who `command` logs in as; without users there is no login. */
export type RedisAdmin = { readonly user: string; readonly password: string };

/** Where a server is reached. */
export type RedisAddress = { readonly host: string; readonly port: number };

/** How a Redis is to be configured. */
export type RedisOptions = {
  readonly port?: number;
  /** Address that it listens on; 127.0.0.1 where absent. */
  readonly host?: string;
  /** Network namespace that it runs in. */
  readonly namespace?: string;
  /** Where others reach it, when that is not where it listens. */
  readonly announced?: RedisAddress;
  /** File that its output is appended to as well. */
  readonly logFile?: string;
  /** Further lines of `redis.conf`. */
  readonly lines?: readonly string[];
  /** Lines `user …` of the ACL; an all-powerful user `admin` is added to them. */
  readonly users?: readonly string[];
  /** Starts as a Sentinel; the lines are those of `sentinel.conf`. */
  readonly sentinel?: boolean;
  /** Password of a Sentinel's own clients. */
  readonly password?: string;
};

/** A real `redis-server`, or a Sentinel, with a directory of its own; on loopback unless told otherwise. */
export type RedisServer = {
  readonly port: number;
  /** Where others reach it. */
  readonly address: RedisAddress;
  readonly url: string;
  readonly process: Child;
  /** Runs one command as administrator through `redis-cli` and returns the raw reply, trimmed. */
  command(...args: readonly string[]): Promise<string>;
  /** Ends it with SIGKILL; its data stays, and `restart` brings it back. */
  kill(): Promise<void>;
  /** Starts it again, with its data; as a replica where `replicaOf` says of whom. */
  restart(options?: { readonly replicaOf?: RedisAddress }): Promise<void>;
  pause(): void;
  resume(): void;
  /** Ends it and removes its directory. */
  stop(): Promise<void>;
};

const LOOPBACK = '127.0.0.1';
/** Of one reply: a whole history may be asked for. */
const REPLY_BYTES_MAX = 64 * 1024 * 1024;
const ADMIN: RedisAdmin = { user: 'admin', password: 'admin' };

/** Whether this machine has `redis-server` and `redis-cli`. */
export function hasRedis(): boolean {
  return ['redis-server', 'redis-cli'].every(
    program => spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0,
  );
}

/** The `skip` option of a test that needs Redis: false, or the line that says why it is skipped. */
export function skipWithoutRedis(): false | string {
  return hasRedis() ? false : 'redis-server and redis-cli are not installed';
}

/** Starts a server and waits until it answers. */
export async function startRedis(options: RedisOptions = {}): Promise<RedisServer> {
  const directory = await makeMemoryDirectory('kittiwake-redis-');
  const port = options.port ?? (await freePort());
  const host = options.host ?? LOOPBACK;
  const file = join(directory, 'redis.conf');
  await writeFile(file, `${configOf({ host, port }, directory, options).join('\n')}\n`);
  const command = (...args: readonly string[]): Promise<string> =>
    cli({ host, port }, loginOf(options), args);
  const start = (args: readonly string[]): Promise<Child> =>
    startChild({
      ...inNamespace(options.namespace, 'redis-server', [file, ...args]),
      ...(options.logFile !== undefined && { logFile: options.logFile }),
      isReady: async () => (await command('PING').catch(() => '')) === 'PONG',
    });
  const role = options.sentinel === true ? ['--sentinel'] : [];
  let child = await start(role);
  return {
    port,
    address: options.announced ?? { host, port },
    url: `redis://${host}:${port}`,
    get process() {
      return child;
    },
    command,
    kill: () => child.kill(),
    async restart({ replicaOf } = {}) {
      await child.kill();
      const following = replicaOf === undefined ? [] : ['--replicaof', `${replicaOf.host} ${replicaOf.port}`];
      child = await start([...role, ...following]);
    },
    pause: () => child.pause(),
    resume: () => child.resume(),
    async stop() {
      await child.kill();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function inNamespace(
  namespace: string | undefined,
  command: string,
  args: readonly string[],
): { readonly command: string; readonly args: readonly string[] } {
  if (namespace === undefined) return { command, args };
  // `ip` becomes the command: the process that is killed or stopped is the server itself.
  return { command: 'ip', args: ['netns', 'exec', namespace, command, ...args] };
}

function configOf(address: RedisAddress, directory: string, options: RedisOptions): readonly string[] {
  const { host, port } = address;
  const base = [`port ${port}`, `bind ${host}`, `dir ${directory}`, 'daemonize no', 'protected-mode no'];
  const data = options.sentinel === true ? [] : ['save ""', ...announcementOf(options)];
  const users =
    options.users === undefined
      ? []
      : [...options.users, `user ${ADMIN.user} on >${ADMIN.password} ~* &* +@all`];
  return [...base, ...data, ...users, ...(options.lines ?? [])];
}

function announcementOf({ announced }: RedisOptions): readonly string[] {
  if (announced === undefined) return [];
  return [`replica-announce-ip ${announced.host}`, `replica-announce-port ${announced.port}`];
}

function loginOf(options: RedisOptions): readonly string[] {
  if (options.users !== undefined) return ['--user', ADMIN.user, '--pass', ADMIN.password];
  return options.password === undefined ? [] : ['--pass', options.password];
}

async function cli(
  { host, port }: RedisAddress,
  login: readonly string[],
  args: readonly string[],
): Promise<string> {
  const { stdout } = await run(
    'redis-cli',
    ['-h', host, '-p', String(port), '--no-auth-warning', '--raw', ...login, ...args],
    { timeout: 5_000, killSignal: 'SIGKILL', maxBuffer: REPLY_BYTES_MAX },
  );
  return stdout.trim();
}
