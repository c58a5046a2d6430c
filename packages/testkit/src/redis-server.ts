import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Child, startChild } from './child-process.ts';
import { freePort } from './free-port.ts';

const run = promisify(execFile);

/** Who `command` logs in as; without users there is no login. */
export type RedisAdmin = { readonly user: string; readonly password: string };

/** How a Redis is to be configured. */
export type RedisOptions = {
  readonly port?: number;
  /** Further lines of `redis.conf`. */
  readonly lines?: readonly string[];
  /** Lines `user …` of the ACL; an all-powerful user `admin` is added to them. */
  readonly users?: readonly string[];
  /** Starts as a Sentinel; the lines are those of `sentinel.conf`. */
  readonly sentinel?: boolean;
  /** Password of a Sentinel's own clients. */
  readonly password?: string;
};

/** A real `redis-server`, or a Sentinel, on loopback with a directory of its own. */
export type RedisServer = {
  readonly port: number;
  readonly url: string;
  readonly process: Child;
  /** Runs one command as administrator through `redis-cli` and returns the raw reply, trimmed. */
  command(...args: readonly string[]): Promise<string>;
  /** Ends it with SIGKILL; its data stays, and `restart` brings it back. */
  kill(): Promise<void>;
  restart(): Promise<void>;
  pause(): void;
  resume(): void;
  /** Ends it and removes its directory. */
  stop(): Promise<void>;
};

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
  const directory = await mkdtemp(join(tmpdir(), 'kittiwake-redis-'));
  const port = options.port ?? (await freePort());
  const file = join(directory, 'redis.conf');
  await writeFile(file, `${configOf(port, directory, options).join('\n')}\n`);
  const command = (...args: readonly string[]): Promise<string> => cli(port, loginOf(options), args);
  const start = (): Promise<Child> =>
    startChild({
      command: 'redis-server',
      args: [file, ...(options.sentinel === true ? ['--sentinel'] : [])],
      isReady: async () => (await command('PING').catch(() => '')) === 'PONG',
    });
  let child = await start();
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    get process() {
      return child;
    },
    command,
    kill: () => child.kill(),
    async restart() {
      await child.kill();
      child = await start();
    },
    pause: () => child.pause(),
    resume: () => child.resume(),
    async stop() {
      await child.kill();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function configOf(port: number, directory: string, options: RedisOptions): readonly string[] {
  const base = [`port ${port}`, 'bind 127.0.0.1', `dir ${directory}`, 'daemonize no', 'protected-mode no'];
  const data = options.sentinel === true ? [] : ['save ""'];
  const users =
    options.users === undefined
      ? []
      : [...options.users, `user ${ADMIN.user} on >${ADMIN.password} ~* &* +@all`];
  return [...base, ...data, ...users, ...(options.lines ?? [])];
}

function loginOf(options: RedisOptions): readonly string[] {
  if (options.users !== undefined) return ['--user', ADMIN.user, '--pass', ADMIN.password];
  return options.password === undefined ? [] : ['--pass', options.password];
}

async function cli(port: number, login: readonly string[], args: readonly string[]): Promise<string> {
  const { stdout } = await run(
    'redis-cli',
    ['-p', String(port), '--no-auth-warning', '--raw', ...login, ...args],
    {
      timeout: 5_000,
      killSignal: 'SIGKILL',
    },
  );
  return stdout.trim();
}
