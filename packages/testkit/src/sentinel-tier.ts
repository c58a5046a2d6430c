import { freePort } from './free-port.ts';
import { type RedisServer, startRedis } from './redis-server.ts';
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

/** How the tier is to be configured. */
export type TierOptions = {
  readonly access?: TierAccess;
  /** 1000 where absent. */
  readonly downAfterMs?: number;
  /** Further lines of every `redis.conf`. */
  readonly lines?: readonly string[];
};

/** Three Redis and three Sentinels on loopback, as a cluster would run them. */
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
  /** Waits until both replicas follow the primary; what a test may rely on before it breaks something. */
  settled(): Promise<void>;
  stop(): Promise<void>;
};

const MASTER = 'kittiwake';
const SIZE = 3;

/** Starts the tier: down-after 1 s, quorum 2, `min-replicas-to-write 1`, `min-replicas-max-lag 3`, AOF. */
export async function startSentinelTier(options: TierOptions = {}): Promise<SentinelTier> {
  const ports = await freePorts();
  const started: RedisServer[] = [];
  try {
    const servers: RedisServer[] = [];
    for (const port of ports) {
      const server = await startRedis(redisOptions(port, ports[0] ?? port, options));
      servers.push(server);
      started.push(server);
    }
    const sentinels = await Promise.all(ports.map(() => startRedis(sentinelOptions(ports[0] ?? 0, options))));
    started.push(...sentinels);
    const tier = toTier(servers, sentinels);
    await tier.settled();
    return tier;
  } catch (reason) {
    await Promise.all(started.map(server => server.stop()));
    throw reason;
  }
}

async function freePorts(): Promise<readonly number[]> {
  const ports = new Set<number>();
  while (ports.size < SIZE) ports.add(await freePort());
  return [...ports];
}

function redisOptions(
  port: number,
  primaryPort: number,
  options: TierOptions,
): Parameters<typeof startRedis>[0] {
  const { access } = options;
  return {
    port,
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
      ...(port === primaryPort ? [] : [`replicaof 127.0.0.1 ${primaryPort}`]),
      ...(options.lines ?? []),
    ],
  };
}

function sentinelOptions(primaryPort: number, options: TierOptions): Parameters<typeof startRedis>[0] {
  const { access } = options;
  return {
    sentinel: true,
    ...(access !== undefined && { password: access.sentinelPassword }),
    lines: [
      `sentinel monitor ${MASTER} 127.0.0.1 ${primaryPort} 2`,
      `sentinel down-after-milliseconds ${MASTER} ${options.downAfterMs ?? 1_000}`,
      `sentinel failover-timeout ${MASTER} 10000`,
      `sentinel parallel-syncs ${MASTER} 1`,
      ...(access === undefined
        ? []
        : [
            `sentinel auth-user ${MASTER} ${access.sentinel.user}`,
            `sentinel auth-pass ${MASTER} ${access.sentinel.password}`,
            `requirepass ${access.sentinelPassword}`,
          ]),
    ],
  };
}

function toTier(servers: readonly RedisServer[], sentinels: readonly RedisServer[]): SentinelTier {
  const named = async (sentinel: RedisServer): Promise<RedisServer | undefined> => {
    const reply = await sentinel.command('SENTINEL', 'get-master-addr-by-name', MASTER);
    return servers.find(server => String(server.port) === reply.split('\n')[1]);
  };
  const primary = (): Promise<RedisServer> =>
    until(() => agreed(sentinels, named), { what: 'Sentinels agree on a primary' });
  return {
    master: MASTER,
    servers,
    sentinels,
    endpoints: sentinels.map(sentinel => ({ host: '127.0.0.1', port: sentinel.port })),
    primary,
    async replicas() {
      const current = await primary();
      return servers.filter(server => server !== current);
    },
    waitForFailover: (former, timeoutMs = 10_000) =>
      until(
        async () => {
          const next = await agreed(sentinels, named);
          return next !== undefined && next !== former && (await isPrimary(next)) && next;
        },
        { timeoutMs, what: 'Sentinel promotes a replica' },
      ),
    settled: () => settled(servers, sentinels, primary),
    async stop() {
      await Promise.all([...sentinels, ...servers].map(server => server.stop()));
    },
  };
}

async function agreed(
  sentinels: readonly RedisServer[],
  named: (sentinel: RedisServer) => Promise<RedisServer | undefined>,
): Promise<RedisServer | undefined> {
  const answers = new Set(
    await Promise.all(sentinels.map(sentinel => named(sentinel).catch(() => undefined))),
  );
  return answers.size === 1 ? [...answers][0] : undefined;
}

async function isPrimary(server: RedisServer): Promise<boolean> {
  return (await server.command('INFO', 'replication').catch(() => '')).includes('role:master');
}

/** The primary has its replicas, and every Sentinel knows of them and of the other Sentinels. */
async function settled(
  servers: readonly RedisServer[],
  sentinels: readonly RedisServer[],
  primary: () => Promise<RedisServer>,
): Promise<void> {
  await until(
    async () => {
      const info = await (await primary()).command('INFO', 'replication');
      const online = info.match(/^slave\d+:.*state=online/gm)?.length ?? 0;
      if (online < servers.length - 1) return false;
      const views = await Promise.all(sentinels.map(sentinel => sentinel.command('INFO', 'sentinel')));
      return views.every(
        view => view.includes(`status=ok`) && view.includes(`slaves=${servers.length - 1},sentinels=${SIZE}`),
      );
    },
    { timeoutMs: 20_000, what: 'the tier is whole' },
  );
}
