import {
  canMakeNamespaces,
  createNamespaces,
  freePort,
  type RedisServer,
  type SentinelTier,
  startSentinelTier,
  startTcpProxy,
  type TcpProxy,
  type TierPlace,
} from '@kittiwake/testkit';
import { documentedAccess } from '../../../services/gateway/test/contract/redis-access.ts';
import { startHelpers } from './start-helpers.ts';

/** How a Redis is cut off from the rest; `none` where a drill does not need to. */
export type Network = 'none' | 'namespaces' | 'proxies';

/** The Redis tier of a drill, with the users that the documentation tells to make. */
export type DrillTier = {
  readonly sentinel: SentinelTier;
  readonly network: Network;
  /** What a server is called in a report: `redis-1`, … */
  nameOf(server: RedisServer): string;
  /** Cuts a Redis, and with namespaces its Sentinel too, off from everybody; nobody is told. */
  cut(server: RedisServer): void;
  heal(server: RedisServer): void;
  stop(): Promise<void>;
};

/** What stands between the servers. */
type Wiring = {
  readonly places: readonly TierPlace[];
  cut(index: number): void;
  heal(index: number): void;
  stop(): Promise<void>;
};

const SIZE = 3;
const REDIS_PORT = 6379;
const SENTINEL_PORT = 26379;

/** Network namespaces where this process may make them, a proxy before each Redis otherwise. */
export function bestNetwork(): Network {
  return canMakeNamespaces() ? 'namespaces' : 'proxies';
}

/** Starts three Redis and three Sentinels, and what the charts run beside them; their output goes to `folder`. */
export async function startDrillTier(network: Network, folder: string): Promise<DrillTier> {
  const closing: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    for (const close of closing.splice(0).reverse()) await close();
  };
  try {
    const wiring = await wire(network);
    closing.push(wiring.stop);
    const access = documentedAccess();
    const { password } = access.sentinel;
    const sentinel = await startSentinelTier({
      access,
      places: wiring.places,
      logFolder: folder,
      sentinelLines: [`user sentinel on >${password} ~* &* +@all`],
    });
    closing.push(() => sentinel.stop());
    const helpers = await startHelpers(wiring.places, { folder, password });
    closing.push(() => Promise.all(helpers.map(helper => helper.kill())));
    const indexOf = (server: RedisServer): number => sentinel.servers.indexOf(server);
    return {
      sentinel,
      network,
      nameOf: server => `redis-${indexOf(server) + 1}`,
      cut: server => wiring.cut(indexOf(server)),
      heal: server => wiring.heal(indexOf(server)),
      stop,
    };
  } catch (reason) {
    await stop();
    throw reason;
  }
}

function wire(network: Network): Promise<Wiring> {
  switch (network) {
    case 'none':
      return wireLoopback();
    case 'namespaces':
      return wireNamespaces();
    case 'proxies':
      return wireProxies();
  }
}

async function wireLoopback(): Promise<Wiring> {
  const refuse = (): never => {
    throw new Error('a tier on loopback cannot be cut');
  };
  return { places: await loopbackPlaces(), cut: refuse, heal: refuse, stop: async () => {} };
}

async function loopbackPlaces(): Promise<readonly TierPlace[]> {
  const ports = new Set<number>();
  while (ports.size < 2 * SIZE) ports.add(await freePort());
  const free = [...ports];
  return Array.from({ length: SIZE }, (_, index) => ({
    host: '127.0.0.1',
    redisPort: free[index] ?? 0,
    sentinelPort: free[SIZE + index] ?? 0,
  }));
}

async function wireNamespaces(): Promise<Wiring> {
  const network = createNamespaces(SIZE);
  const on = (index: number, act: 'cut' | 'heal'): void => {
    const host = network.hosts[index];
    if (host !== undefined) network[act](host);
  };
  return {
    places: network.hosts.map(({ namespace, address }) => ({
      host: address,
      namespace,
      redisPort: REDIS_PORT,
      sentinelPort: SENTINEL_PORT,
    })),
    cut: index => on(index, 'cut'),
    heal: index => on(index, 'heal'),
    stop: async () => network.remove(),
  };
}

async function wireProxies(): Promise<Wiring> {
  const places = await loopbackPlaces();
  const proxies: TcpProxy[] = [];
  for (const { redisPort } of places) proxies.push(await startTcpProxy(redisPort));
  return {
    places: places.map((place, index) => ({
      ...place,
      announced: { host: '127.0.0.1', port: proxies[index]?.port ?? 0 },
    })),
    cut: index => proxies[index]?.cut(),
    heal: index => proxies[index]?.heal(),
    async stop() {
      await Promise.all(proxies.map(proxy => proxy.stop()));
    },
  };
}
