import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock, systemRandom } from '@kittiwake/base';
import { until } from '@kittiwake/testkit';
import { MemoryCluster } from '../../../services/gateway/src/broker/memory/memory-cluster.ts';
import type { GatewayConfig } from '../../../services/gateway/src/config/gateway-config.ts';
import { parseConfig } from '../../../services/gateway/src/config/parse-config.ts';
import { TokenIssuer } from '../../../services/gateway/src/dev/token-issuer.ts';
import { createPrometheusMetrics } from '../../../services/gateway/src/metrics/prometheus-metrics.ts';
import { noTracer } from '../../../services/gateway/src/telemetry/no-tracer.ts';
import { createPinoLogger } from '../../../services/gateway/src/telemetry/pino-logger.ts';
import { createGateway, type Gateway } from '../../../services/gateway/src/wiring/gateway.ts';
import { createTier } from '../../../services/gateway/src/wiring/tier.ts';
import type { Client } from '../src/client.ts';
import type { ClientOptions } from '../src/client-options.ts';
import { createClient } from '../src/create-client.ts';

const CONFIG = join(import.meta.dirname, '../../../services/gateway/config/development.yaml');
const SYSTEM = { clock: systemClock, random: systemRandom } as const;
const KEY = 'a-key-of-thirty-two-bytes-and-more';

const LOG = createPinoLogger({ level: 'error' });

/** What the channels of these tests carry. */
export type Chat = { 'chat:*': { 'chat:message:send': { readonly text: string } } };

/** Real gateways in this process, over a cluster in memory that can fail over. */
export type RealGateways = {
  readonly cluster: MemoryCluster;
  readonly urls: readonly string[];
  /** A token that grants everything. */
  token(user: string): Promise<string>;
  /** A client of `user`, made for the gateway of that index, not connected yet. */
  client(user: string, index: number, options?: Partial<ClientOptions>): Client<Chat>;
  /** The same, connected. */
  connect(user: string, index: number, options?: Partial<ClientOptions>): Promise<Client<Chat>>;
  /** Has a gateway hand its sessions over and stop. */
  drain(index: number): Promise<void>;
  /** Ends a gateway at once, and starts another one at its address. */
  replace(index: number): Promise<void>;
  stop(): Promise<void>;
};

/** Starts so many gateways, with the configuration of `npm start` changed by `over`. */
export async function startRealGateways(
  count: number,
  over: Partial<GatewayConfig> = {},
): Promise<RealGateways> {
  const config = { ...(await developmentConfig()), ...over };
  const cluster = new MemoryCluster(SYSTEM);
  const gateways = Array.from({ length: count }, (_, index) => makeGateway(config, cluster, index));
  const urls: string[] = [];
  for (const gateway of gateways) urls.push(`ws://localhost:${(await gateway.start()).clients}/v1/ws`);
  const token = tokensFor(config);
  const clients: Client<Chat>[] = [];
  const client: RealGateways['client'] = (user, index, options = {}) => {
    const defaults = { url: urls[index] ?? '', token: () => token(user), reconnect: { baseMs: 20 } };
    const made = createClient<Chat>({ ...defaults, ...options });
    clients.push(made);
    return made;
  };
  return {
    cluster,
    urls,
    token,
    client,
    connect: async (user, index, options) => connected(client(user, index, options), user),
    drain: async index => gateways[index]?.drain(),
    replace: async index => {
      await gateways[index]?.stop();
      const clientsPort = Number(new URL(urls[index] ?? '').port);
      const gateway = makeGateway(config, cluster, index, clientsPort);
      gateways[index] = gateway;
      await gateway.start();
    },
    stop: async () => {
      for (const made of clients) made.close();
      await Promise.all(gateways.map(gateway => gateway.stop()));
    },
  };
}

function tokensFor({ auth }: GatewayConfig): RealGateways['token'] {
  const issuer = new TokenIssuer({ ...SYSTEM, ...auth, key: KEY });
  return async user => {
    const issued = await issuer.issue({ user });
    return issued.ok ? issued.value : assert.fail(issued.error);
  };
}

async function connected(client: Client<Chat>, user: string): Promise<Client<Chat>> {
  client.connect();
  await until(() => client.status.phase === 'connected', { what: `${user} connects` });
  return client;
}

async function developmentConfig(): Promise<GatewayConfig> {
  const secrets = { 'signing-key-current': KEY, 'api-key': KEY };
  const parsed = parseConfig(await readFile(CONFIG, 'utf8'), { LOG_LEVEL: 'error' }, secrets);
  if (!parsed.ok) return assert.fail(JSON.stringify(parsed.error));
  // Nobody but these tests sends anybody here: nobody has to notice.
  return { ...parsed.value, drain: { ...parsed.value.drain, readinessDelayMs: 0 } };
}

function makeGateway(
  base: GatewayConfig,
  cluster: MemoryCluster,
  ...[index, clientsPort = 0]: readonly [index: number, clientsPort?: number]
): Gateway {
  const gatewayId = `gateway-${index}` as GatewayConfig['gatewayId'];
  const config = { ...base, gatewayId, ports: { clients: clientsPort, api: 0, operations: 0 } };
  const metrics = createPrometheusMetrics({ runtime: false });
  const tier = createTier({ kind: 'memory' }, { ...SYSTEM, log: LOG, metrics }, cluster);
  return createGateway({ ...SYSTEM, log: LOG, config, metrics, tier, tracer: noTracer });
}
