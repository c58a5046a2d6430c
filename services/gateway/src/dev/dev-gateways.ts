import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { err, ok, type Random, type Result, systemClock, systemRandom } from '@kittiwake/base';
import { MemoryCluster } from '../broker/memory/memory-cluster.ts';
import type { BrokerTier } from '../broker/tier-options.ts';
import { describeProblems } from '../config/describe-problems.ts';
import type { GatewayConfig } from '../config/gateway-config.ts';
import { parseConfig } from '../config/parse-config.ts';
import { createPrometheusMetrics } from '../metrics/prometheus-metrics.ts';
import type { Logger } from '../telemetry/logger.ts';
import { noTracer } from '../telemetry/no-tracer.ts';
import { createPinoLogger } from '../telemetry/pino-logger.ts';
import type { HttpRoutes } from '../transport/http-server.ts';
import { createGateway, type Gateway, type ListeningPorts } from '../wiring/gateway.ts';
import { createTier } from '../wiring/tier.ts';
import { describeBroker, describeStartFailure } from './describe-start.ts';
import type { DevOptions } from './dev-options.ts';
import { DevRoutes } from './dev-routes.ts';
import { reachBroker } from './reach-broker.ts';
import { SourceModules } from './source-modules.ts';
import { TokenIssuer } from './token-issuer.ts';

/** Gateways of one process that share their channels. */
export type DevGateways = {
  readonly ports: readonly ListeningPorts[];
  readonly apiKey: string;
  /** What is behind them, and whether it answers. */
  readonly broker: string;
  stop(): Promise<void>;
};

const ROOT = join(import.meta.dirname, '../../../..');
const CONFIG = join(import.meta.dirname, '../../config/development.yaml');
const PORT_STEP_API = 100;
const PORT_STEP_OPERATIONS = 200;
const LOGGED_REASON_MAX = 200;
const SYSTEM = { clock: systemClock, random: systemRandom } as const;

/** Starts what `npm start` was asked for, all of it or nothing. The error's text says what is in the way. */
export async function startDevGateways(options: DevOptions): Promise<Result<DevGateways, string>> {
  const secrets = makeSecrets(systemRandom);
  const parsed = parseConfig(await readFile(CONFIG, 'utf8'), { LOG_LEVEL: 'warn' }, secrets);
  if (!parsed.ok) return err(describeProblems(parsed.error, 'development.yaml'));
  const reached = await reachBroker(options.broker);
  if (!reached.ok) return reached;
  const ports: ListeningPorts[] = [];
  const ids = gatewayIds(options, systemRandom);
  const log = createPinoLogger({ level: parsed.value.telemetry.logLevel });
  const routes = new DevRoutes({
    issuer: new TokenIssuer({ ...SYSTEM, ...parsed.value.auth, key: secrets['signing-key-current'] }),
    modules: new SourceModules(ROOT),
    pageDirectory: join(import.meta.dirname, 'page'),
    gateways: () =>
      ports.map(({ clients }, index) => ({ id: ids[index] ?? '', url: `ws://localhost:${clients}/v1/ws` })),
    channels: ['chat:lobby', 'chat:random'],
    onFailure: (name, reason) => log.error(name, { reason: String(reason).slice(0, LOGGED_REASON_MAX) }),
  });
  const configs = ids.map((id, index) => configOf(parsed.value, options, { id, index }));
  const { gateways, tiers } = createAll(configs, { log, routes });
  const stop = async (): Promise<void> => void (await Promise.all(gateways.map(gateway => gateway.stop())));
  try {
    for (const gateway of gateways) ports.push(await gateway.start());
  } catch (reason) {
    return err(describeStartFailure(reason));
  }
  const broker = describeBroker(options.broker, tiers[0]?.broker.status());
  return ok({ ports, apiKey: secrets['api-key'], broker, stop });
}

type Built = { readonly gateways: readonly Gateway[]; readonly tiers: readonly BrokerTier[] };

function createAll(
  configs: readonly GatewayConfig[],
  shared: { readonly log: Logger; readonly routes: HttpRoutes },
): Built {
  const cluster = new MemoryCluster({ ...SYSTEM, ...shared });
  const gateways: Gateway[] = [];
  const tiers: BrokerTier[] = [];
  for (const [index, config] of configs.entries()) {
    const metrics = createPrometheusMetrics({ runtime: index === 0 });
    const tier = createTier(config.broker, { ...SYSTEM, ...shared, metrics }, cluster);
    tiers.push(tier);
    gateways.push(createGateway({ ...SYSTEM, ...shared, config, metrics, tier, tracer: noTracer }));
  }
  return { gateways, tiers };
}

/** Two processes may share a Redis, so their gateways must not share names. */
function gatewayIds({ gateways, broker }: DevOptions, random: Random): readonly string[] {
  const suffix = broker.kind === 'memory' ? '' : `-${random.hex(2)}`;
  return Array.from({ length: gateways }, (_, index) => `gateway-${index}${suffix}`);
}

function configOf(
  base: GatewayConfig,
  { port, broker }: DevOptions,
  { id, index }: { readonly id: string; readonly index: number },
): GatewayConfig {
  const clients = port + index;
  const ports =
    port === 0
      ? { clients: 0, api: 0, operations: 0 }
      : { clients, api: clients + PORT_STEP_API, operations: clients + PORT_STEP_OPERATIONS };
  return { ...base, gatewayId: id as GatewayConfig['gatewayId'], ports, broker };
}

function makeSecrets(random: Random): { 'signing-key-current': string; 'api-key': string } {
  return { 'signing-key-current': random.hex(32), 'api-key': random.hex(16) };
}
