import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Child, freePort, startChild, until } from '@kittiwake/testkit';
import { LOCAL } from '../src/environments/local.ts';
import { PASSWORDS, writeTierFiles } from './tier-files.ts';

const run = promisify(execFile);
const SCRIPTS = new URL('../src/scripts/', import.meta.url).pathname;

/** The tier of the charts, by its own scripts, on loopback ports instead of pods. */
export class LoopbackTier {
  readonly #directory: string;
  readonly #ports: readonly number[];
  readonly #running = new Map<string, Child>();

  private constructor(directory: string, ports: readonly number[]) {
    this.#directory = directory;
    this.#ports = ports;
  }

  static async create(): Promise<LoopbackTier> {
    const directory = await mkdtemp(join(tmpdir(), 'kittiwake-tier-'));
    // A port that was free is sometimes offered again.
    const ports = new Set<number>();
    while (ports.size < 6) ports.add(await freePort());
    await writeTierFiles(directory);
    return new LoopbackTier(directory, [...ports]);
  }

  /** Address of `redis-0`…`redis-2`, `sentinel-0`…`sentinel-2`. */
  address(name: string): string {
    const index = Number(name.at(-1)) + (name.startsWith('sentinel') ? 3 : 0);
    return `127.0.0.1:${this.#ports[index]}`;
  }

  /** Runs a start script; a program that runs already is left alone. */
  async start(...names: readonly string[]): Promise<void> {
    for (const name of names) {
      if (this.#running.get(name)?.running === true) continue;
      const component = name.split('-')[0] ?? '';
      this.#running.set(
        name,
        await startChild({
          command: `${SCRIPTS}${component}-start.sh`,
          args: [],
          env: this.#environment(name),
        }),
      );
    }
  }

  async startAll(): Promise<void> {
    await this.start('sentinel-0', 'sentinel-1', 'sentinel-2', 'redis-0', 'redis-1', 'redis-2');
  }

  /** Runs another script as if it were in the pod `name`; resolves with its exit code. */
  async script(name: string, script: string, ...args: readonly string[]): Promise<number> {
    const env = { ...process.env, ...this.#environment(name) };
    const failed = await run(`${SCRIPTS}${script}`, [...args], { env }).then(
      () => 0,
      (reason: { readonly code?: number }) => reason.code ?? 1,
    );
    return failed;
  }

  /** SIGKILL. */
  async kill(name: string): Promise<void> {
    await this.#running.get(name)?.kill();
  }

  /** SIGTERM. */
  async stop(name: string): Promise<void> {
    await this.#running.get(name)?.stop(10_000);
  }

  /** As when a pod with an emptyDir is replaced. */
  async lose(name: string): Promise<void> {
    await this.kill(name);
    await rm(join(this.#directory, name), { recursive: true, force: true });
  }

  /** A setting of a Redis that runs, as its start script wrote it. */
  async setting(name: string, setting: string): Promise<string | undefined> {
    const text = await readFile(join(this.#environment(name)['RUN_DIR'] ?? '', 'redis.conf'), 'utf8');
    return text
      .split('\n')
      .find(line => line.startsWith(`${setting} `))
      ?.slice(setting.length + 1);
  }

  output(name: string): string {
    return this.#running.get(name)?.output() ?? '';
  }

  /** A command to a Redis or a Sentinel; empty when it does not answer. Redis is asked as `user`. */
  async command(name: string, user: 'gateway' | 'sentinel', ...args: readonly string[]): Promise<string> {
    const [host = '', port = ''] = this.address(name).split(':');
    const password = PASSWORDS[`${user}-password`];
    const login = ['--user', user, '--pass', password, '--no-auth-warning', '-h', host, '-p', port];
    const { stdout } = await run('redis-cli', [...login, ...args], {
      timeout: 2_000,
      killSignal: 'SIGKILL',
    }).catch(() => ({ stdout: '' }));
    return stdout.trim();
  }

  async role(name: string): Promise<string> {
    return (await this.command(name, 'sentinel', 'ROLE')).split('\n')[0] ?? '';
  }

  /** Waits until every Sentinel knows the same primary, it says so itself, and `replicas` are in step; returns its name. */
  async settled(replicas = 2): Promise<string> {
    const what = `a primary with ${replicas} replicas, known to all Sentinels`;
    return until(() => this.#settledPrimary(replicas), { timeoutMs: 30_000, what }).catch(
      (reason: unknown) => {
        const outputs = [...this.#running].map(([name, child]) => `${name}\n${child.output().slice(-1_500)}`);
        throw new Error(`${String(reason)}\n${outputs.join('\n')}`);
      },
    );
  }

  /** Waits until it is settled and could fail over: every Sentinel knows the others, and both replicas. */
  async readyToFailOver(): Promise<string> {
    const primary = await this.settled();
    for (const name of ['sentinel-0', 'sentinel-1', 'sentinel-2']) {
      await until(() => this.#knowsAll(name), {
        timeoutMs: 20_000,
        what: `${name} knows two Sentinels and two replicas`,
      });
    }
    return primary;
  }

  async #knowsAll(sentinel: string): Promise<boolean> {
    // Sentinels hear of each other every two seconds, and ask the primary for its replicas every ten.
    const fields = (await this.command(sentinel, 'sentinel', 'SENTINEL', 'MASTER', 'kittiwake')).split('\n');
    const field = (name: string): string | undefined => fields[fields.indexOf(name) + 1];
    return field('num-other-sentinels') === '2' && field('num-slaves') === '2';
  }

  async close(): Promise<void> {
    await Promise.all([...this.#running.values()].map(child => child.kill()));
    await rm(this.#directory, { recursive: true, force: true });
  }

  async #settledPrimary(replicas: number): Promise<string | undefined> {
    const known = new Set<string>();
    for (const name of ['sentinel-0', 'sentinel-1', 'sentinel-2'].filter(
      sentinel => this.#running.get(sentinel)?.running === true,
    )) {
      const reply = await this.command(name, 'gateway', 'SENTINEL', 'GET-MASTER-ADDR-BY-NAME', 'kittiwake');
      known.add(reply.replace('\n', ':'));
    }
    const primary = ['redis-0', 'redis-1', 'redis-2'].find(name => known.has(this.address(name)));
    if (known.size !== 1 || primary === undefined) return undefined;
    const info = await this.command(primary, 'sentinel', 'INFO', 'replication');
    const online = info.match(/state=online/g)?.length ?? 0;
    return info.includes('role:master') && online >= replicas ? primary : undefined;
  }

  #environment(name: string): { readonly [variable: string]: string } {
    const peers = (component: string): string =>
      [0, 1, 2].map(index => this.address(`${component}-${index}`)).join(' ');
    const { redis } = LOCAL;
    return {
      SELF: this.address(name),
      REDIS_PEERS: peers('redis'),
      SENTINEL_PEERS: peers('sentinel'),
      QUORUM: String(redis.quorum),
      DOWN_AFTER_MS: String(redis.downAfterMs),
      FAILOVER_TIMEOUT_MS: String(redis.failoverTimeoutMs),
      HANDOVER_SECONDS: '10',
      SECRETS_DIR: this.#directory,
      CONFIG_FILE: join(this.#directory, 'redis.conf'),
      USERS_FILE: join(this.#directory, 'users.acl'),
      RUN_DIR: join(this.#directory, name, 'run'),
      DATA_DIR: join(this.#directory, name, 'data'),
    };
  }
}
