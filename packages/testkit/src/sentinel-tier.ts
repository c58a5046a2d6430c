import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { type RedisAddress, type RedisOptions, type RedisServer, startRedis } from './redis-server.ts';
import { agreedBy, isPrimary, settled } from './sentinel-views.ts';
import { until } from './until.ts';

/** Who logs in where; absent: nobody needs to. */
export type TierAccess = {
  /** Lines `user …` for every Redis. */
  readonly users: readonly string[];
  readonly replication: { readonly user: string; readonly password: string };
  readonly sentinel: { readonly user: string; readonly password: string };
  /** `requirepass` of the Sentinels themselves. */
  readonly sentinelPassword: string;
};

/** Where one Redis and its Sentinel stand. */
export type TierPlace = {
  /** Address that both listen on. */
  readonly host: string;
  readonly redisPort: number;
  readonly sentinelPort: number;
  /** Network namespace that both run in. */
  readonly namespace?: string;
  /** Where others reach the Redis, when that is not where it listens. */
  readonly announced?: RedisAddress;
};

/** How the tier is to be configured. */
export type TierOptions = {
  /** Three of them; free ports on loopback where absent. */
  readonly places?: readonly TierPlace[];
  readonly access?: TierAccess;
  /** 1000 where absent. */
  readonly downAfterMs?: number;
  /** A failover that does not come to its end is tried again after twice as long; 10 000 where absent. */
  readonly failoverTimeoutMs?: number;
  /**
   * How long a Sentinel that was not scheduled for 2 s does nothing but look (TILT); 30 000 where absent, as everywhere. Less
   * where a busy machine is not what is tried.
   */
  readonly tiltMs?: number;
  /** Further lines of every `redis.conf`. */
  readonly lines?: readonly string[];
  /** Further lines of every `sentinel.conf`. */
  readonly sentinelLines?: readonly string[];
  /** Folder that gets the output of each process: `redis-1.log`, `sentinel-1.log`, … */
  readonly logFolder?: string;
};

/** Three Redis and three Sentinels, as a cluster would run them. */
export type SentinelTier = {
  /** The name of the group. */
  readonly master: string;
  readonly servers: readonly RedisServer[];
  readonly sentinels: readonly RedisServer[];
  readonly endpoints: readonly { readonly host: string; readonly port: number }[];
  /** The server that the Sentinels call primary now. */
  primary(): Promise<RedisServer>;
  replicas(): Promise<readonly RedisServer[]>;
  /** Waits until every Sentinel names another primary than `former`, and that one takes writes. */
  waitForFailover(former: RedisServer, timeoutMs?: number): Promise<RedisServer>;
  /** As `waitForFailover`, but a quorum of the Sentinels is enough: the others may be cut off. */
  waitForPromotion(former: RedisServer, timeoutMs?: number): Promise<RedisServer>;
  /** Waits until both replicas follow the primary, and every Sentinel would act; what a test may rely on before it breaks something. */
  settled(timeoutMs?: number): Promise<void>;
  stop(): Promise<void>;
};

const MASTER = 'kittiwake';
const SIZE = 3;
const QUORUM = 2;

/** Starts the tier: down-after 1 s, quorum 2, `min-replicas-to-write 1`, `min-replicas-max-lag 3`, AOF. */
export async function startSentinelTier(options: TierOptions = {}): Promise<SentinelTier> {
  const places = options.places ?? (await freePlaces());
  const first = places[0];
  if (first === undefined || places.length !== SIZE) throw new Error(`a tier has ${SIZE} places`);
  const started: RedisServer[] = [];
  try {
    const servers: RedisServer[] = [];
    for (const [index, place] of places.entries()) {
      const server = await startRedis({
        ...redisOptions(place, addressOf(first), options),
        ...logFileOf(options, `redis-${index + 1}`),
      });
      servers.push(server);
      started.push(server);
    }
    const sentinels = await Promise.all(
      places.map((place, index) =>
        startRedis({
          ...sentinelOptions(place, addressOf(first), options),
          ...logFileOf(options, `sentinel-${index + 1}`),
        }),
      ),
    );
    started.push(...sentinels);
    if (options.tiltMs !== undefined)
      for (const sentinel of sentinels)
        await sentinel.command('SENTINEL', 'DEBUG', 'TILT-PERIOD', String(options.tiltMs));
    const tier = toTier(servers, sentinels);
    await tier.settled();
    return tier;
  } catch (reason) {
    await Promise.all(started.map(server => server.stop()));
    throw reason;
  }
}

function addressOf({ host, redisPort, announced }: TierPlace): RedisAddress {
  return announced ?? { host, port: redisPort };
}

function logFileOf({ logFolder }: TierOptions, name: string): { readonly logFile?: string } {
  return logFolder === undefined ? {} : { logFile: join(logFolder, `${name}.log`) };
}

async function freePlaces(): Promise<readonly TierPlace[]> {
  const ports = new Set<number>();
  while (ports.size < 2 * SIZE) ports.add(await freePort());
  const [...free] = ports;
  return Array.from({ length: SIZE }, (_, index) => ({
    host: '127.0.0.1',
    redisPort: free[index] ?? 0,
    sentinelPort: free[SIZE + index] ?? 0,
  }));
}

function redisOptions(place: TierPlace, primary: RedisAddress, options: TierOptions): RedisOptions {
  const { access } = options;
  const own = addressOf(place);
  const leads = own.host === primary.host && own.port === primary.port;
  return {
    port: place.redisPort,
    host: place.host,
    ...(place.namespace !== undefined && { namespace: place.namespace }),
    ...(place.announced !== undefined && { announced: place.announced }),
    ...(access !== undefined && { users: access.users }),
    lines: [
      'appendonly yes',
      'appendfsync everysec',
      'repl-diskless-sync yes',
      'repl-diskless-sync-delay 0',
      'repl-ping-replica-period 1',
      'min-replicas-to-write 1',
      'min-replicas-max-lag 3',
      ...(access === undefined
        ? []
        : [`masteruser ${access.replication.user}`, `masterauth ${access.replication.password}`]),
      ...(leads ? [] : [`replicaof ${primary.host} ${primary.port}`]),
      ...(options.lines ?? []),
    ],
  };
}

function sentinelOptions(place: TierPlace, primary: RedisAddress, options: TierOptions): RedisOptions {
  const { access } = options;
  return {
    sentinel: true,
    port: place.sentinelPort,
    host: place.host,
    ...(place.namespace !== undefined && { namespace: place.namespace }),
    ...(access !== undefined && { password: access.sentinelPassword }),
    lines: [
      `sentinel monitor ${MASTER} ${primary.host} ${primary.port} ${QUORUM}`,
      `sentinel down-after-milliseconds ${MASTER} ${options.downAfterMs ?? 1_000}`,
      `sentinel failover-timeout ${MASTER} ${options.failoverTimeoutMs ?? 10_000}`,
      `sentinel parallel-syncs ${MASTER} 1`,
      ...(access === undefined
        ? []
        : [
            `sentinel auth-user ${MASTER} ${access.sentinel.user}`,
            `sentinel auth-pass ${MASTER} ${access.sentinel.password}`,
            `requirepass ${access.sentinelPassword}`,
          ]),
      ...(options.sentinelLines ?? []),
    ],
  };
}

function toTier(servers: readonly RedisServer[], sentinels: readonly RedisServer[]): SentinelTier {
  const named = async (sentinel: RedisServer): Promise<RedisServer | undefined> => {
    const reply = await sentinel.command('SENTINEL', 'get-master-addr-by-name', MASTER).catch(() => '');
    const [host, port] = reply.split('\n');
    return servers.find(({ address }) => address.host === host && String(address.port) === port);
  };
  const agreed = (wanted: number): Promise<RedisServer | undefined> => agreedBy(wanted, sentinels, named);
  const primary = (): Promise<RedisServer> =>
    until(() => agreed(SIZE), { what: 'Sentinels agree on a primary' });
  const another = (former: RedisServer, wanted: number, timeoutMs = 10_000): Promise<RedisServer> =>
    until(
      async () => {
        const next = await agreed(wanted);
        return next !== undefined && next !== former && (await isPrimary(next)) && next;
      },
      { timeoutMs, what: 'Sentinel promotes a replica' },
    );
  return {
    master: MASTER,
    servers,
    sentinels,
    endpoints: sentinels.map(({ address }) => address),
    primary,
    async replicas() {
      const current = await primary();
      return servers.filter(server => server !== current);
    },
    waitForFailover: (former, timeoutMs) => another(former, SIZE, timeoutMs),
    waitForPromotion: (former, timeoutMs) => another(former, QUORUM, timeoutMs),
    settled: timeoutMs =>
      settled({ servers, sentinels, master: MASTER, primary: () => agreed(SIZE) }, timeoutMs),
    async stop() {
      await Promise.all([...sentinels, ...servers].map(server => server.stop()));
    },
  };
}
