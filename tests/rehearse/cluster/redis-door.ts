import { primaryPod } from '../../cluster/lib/redis-primary.ts';
import { RedisSession } from './redis-session.ts';

/** Commands that Redis has run since it started, by name. */
export type CommandCounts = ReadonlyMap<string, number>;

/** The Redis primary; who that is is asked again only where it no longer is. */
export class RedisDoor {
  #session: RedisSession | undefined;

  /** Runs one command at the primary, as `redis-cli --raw` prints it. */
  readonly command = async (...args: readonly string[]): Promise<string> => {
    const session = await this.#primary();
    return session.ask(args);
  };

  /** Which commands it has run so far. */
  async counts(): Promise<CommandCounts> {
    return parseCommandStats(await this.command('INFO', 'commandstats'));
  }

  close(): void {
    this.#session?.close();
  }

  async #primary(): Promise<RedisSession> {
    const known = this.#session;
    if (known !== undefined && (await isPrimary(known))) return known;
    known?.close();
    this.#session = RedisSession.open(await primaryPod());
    return this.#session;
  }
}

/** Reads `cmdstat_…:calls=N,…` lines. */
export function parseCommandStats(info: string): CommandCounts {
  const counts = new Map<string, number>();
  for (const line of info.split('\n')) {
    const match = /^cmdstat_([^:]+):calls=(\d+)/.exec(line);
    if (match?.[1] !== undefined) counts.set(match[1], Number(match[2]));
  }
  return counts;
}

async function isPrimary(session: RedisSession): Promise<boolean> {
  if (session.ended) return false;
  const info = await session.ask(['INFO', 'replication']).catch(() => '');
  return info.includes('role:master');
}
