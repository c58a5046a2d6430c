import type { Clock, Millis } from '@kittiwake/base';
import { Redis, type RedisOptions } from 'ioredis';
import type { SentinelOptions } from '../../tier-options.ts';
import type { Primary, Probe, RedisAddress, SentinelAnswer } from './probe.ts';
import { readPrimary } from './read-primary.ts';
import { readReplicas } from './read-replicas.ts';

/** For a connection or an answer, when nobody waits for it any more. */
const ABANDONED_MS = 2_000;

/** Asks through connections of its own, one for each server, so that questions never wait behind publishes. */
export function createIoredisProbe(options: SentinelOptions, clock: Clock): Probe {
  const clients = new Map<string, Redis>();
  const ask = async <T>(
    [name, login]: readonly [string, ProbeOptions],
    timeoutMs: Millis,
    question: (client: Redis) => Promise<T>,
  ): Promise<T | undefined> => {
    const client = clients.get(name) ?? new Redis(login);
    if (!clients.has(name)) client.on('error', () => {});
    clients.set(name, client);
    const answer = await within(clock, timeoutMs, question(client));
    // Whoever is silent is asked on a new connection: this one may hang for as long as TCP does.
    if (answer === undefined && clients.get(name) === client) {
      clients.delete(name);
      client.disconnect();
    }
    return answer?.value;
  };
  const nameOf = ({ host, port }: RedisAddress): string => `${host}:${port}`;
  return {
    askSentinel: (sentinel, timeoutMs) =>
      ask(
        [
          `sentinel ${nameOf(sentinel)}`,
          loginTo(sentinel, options.sentinelUsername, options.sentinelPassword),
        ],
        timeoutMs,
        client => askSentinel(client, options.master),
      ),
    askServer: (server, timeoutMs) =>
      ask([nameOf(server), loginTo(server, options.username, options.password)], timeoutMs, client =>
        askServer(client, server),
      ),
    close() {
      for (const client of clients.values()) client.disconnect();
      clients.clear();
    },
  };
}

/** Replies have the shapes of RESP2 whatever the connection speaks. */
type ProbeOptions = RedisOptions & { readonly replyMapping: 'legacy' };

const COMMON: ProbeOptions = {
  lazyConnect: true,
  replyMapping: 'legacy',
  disableClientInfo: true,
  enableReadyCheck: false,
  connectTimeout: ABANDONED_MS,
  commandTimeout: ABANDONED_MS,
  maxRetriesPerRequest: 0,
  retryStrategy: () => null,
};

function loginTo(
  { host, port }: RedisAddress,
  username: string | undefined,
  password: string | undefined,
): ProbeOptions {
  return {
    ...COMMON,
    host,
    port,
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
  };
}

async function askSentinel(client: Redis, master: string): Promise<SentinelAnswer | undefined> {
  const [named, replicas] = await Promise.all([
    client.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', master),
    client.call('SENTINEL', 'REPLICAS', master),
  ]);
  if (!Array.isArray(named)) return undefined;
  const [host, port] = named;
  return { primary: { host: String(host), port: Number(port) }, replicas: readReplicas(replicas) };
}

async function askServer(client: Redis, address: RedisAddress): Promise<Primary | undefined> {
  return readPrimary(await client.info('replication'), address);
}

/** The value, or `undefined` where it fails or does not come in time. */
function within<T>(
  clock: Clock,
  timeoutMs: Millis,
  answer: Promise<T>,
): Promise<{ readonly value: T } | undefined> {
  return new Promise(resolve => {
    const timer = clock.after(timeoutMs, () => resolve(undefined));
    answer
      .then(
        value => resolve({ value }),
        () => resolve(undefined),
      )
      .finally(() => timer.cancel());
  });
}
