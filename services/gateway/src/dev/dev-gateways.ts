import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { err, ok, type Random, type Result, systemClock, systemRandom } from '@kittiwake/base';
import { MemoryCluster } from '../broker/memory/memory-cluster.ts';
import { describeProblems } from '../config/describe-problems.ts';
import type { GatewayConfig } from '../config/gateway-config.ts';
import { parseConfig } from '../config/parse-config.ts';
import { createPrometheusMetrics } from '../metrics/prometheus-metrics.ts';
import { noTracer } from '../telemetry/no-tracer.ts';
import { createPinoLogger } from '../telemetry/pino-logger.ts';
import { createGateway, type Gateway, type ListeningPorts } from '../wiring/gateway.ts';
import { createTier } from '../wiring/tier.ts';
import type { DevOptions } from './dev-options.ts';
import { DevRoutes } from './dev-routes.ts';
import { SourceModules } from './source-modules.ts';
import { TokenIssuer } from './token-issuer.ts';

/** Gateways of one process that share their channels. */
export type DevGateways = {
  readonly ports: readonly ListeningPorts[];
  readonly apiKey: string;
  stop(): Promise<void>;
};

const ROOT = join(import.meta.dirname, '../../../..');
const CONFIG = join(import.meta.dirname, '../../config/development.yaml');
const PORT_STEP_API = 100;
const PORT_STEP_OPERATIONS = 200;
const LOGGED_REASON_MAX = 200;

/** Starts what `npm start` was asked for. A configuration that is not sound is the error's text. */
export async function startDevGateways(options: DevOptions): Promise<Result<DevGateways, string>> {
  const secrets = makeSecrets(systemRandom);
  const text = await readFile(CONFIG, 'utf8');
  const parsed = parseConfig(text, { LOG_LEVEL: 'warn' }, secrets);
  if (!parsed.ok) return err(describeProblems(parsed.error, 'development.yaml'));
  const log = createPinoLogger({ level: parsed.value.telemetry.logLevel });
  const shared = { clock: systemClock, random: systemRandom, log };
  const cluster = new MemoryCluster(shared);
  const ports: ListeningPorts[] = [];
  const issuer = new TokenIssuer({ ...shared, ...parsed.value.auth, key: secrets['signing-key-current'] });
  const routes = new DevRoutes({
    issuer,
    modules: new SourceModules(ROOT),
    pageDirectory: join(import.meta.dirname, 'page'),
    gateways: () =>
      ports.map(({ clients }, index) => ({ id: gatewayName(index), url: `ws://localhost:${clients}/v1/ws` })),
    channels: ['chat:lobby', 'chat:random'],
    onFailure: (name, reason) => log.error(name, { reason: String(reason).slice(0, LOGGED_REASON_MAX) }),
  });
  const gateways: Gateway[] = [];
  for (let index = 0; index < options.gateways; index += 1) {
    const config = configOf(parsed.value, options, index);
    const metrics = createPrometheusMetrics({ runtime: index === 0 });
    const tier = createTier(options.broker, { ...shared, metrics }, cluster);
    const gateway = createGateway({ ...shared, config, metrics, tier, tracer: noTracer, routes });
    gateways.push(gateway);
    ports.push(await gateway.start());
  }
  const stop = async (): Promise<void> => void (await Promise.all(gateways.map(gateway => gateway.stop())));
  return ok({ ports, apiKey: secrets['api-key'], stop });
}

function gatewayName(index: number): string {
  return `gateway-${index}`;
}

function configOf(base: GatewayConfig, { port, broker }: DevOptions, index: number): GatewayConfig {
  const clients = port === 0 ? 0 : port + index;
  const ports =
    port === 0
      ? { clients: 0, api: 0, operations: 0 }
      : { clients, api: clients + PORT_STEP_API, operations: clients + PORT_STEP_OPERATIONS };
  return { ...base, gatewayId: gatewayName(index) as GatewayConfig['gatewayId'], ports, broker };
}

function makeSecrets(random: Random): { 'signing-key-current': string; 'api-key': string } {
  return { 'signing-key-current': random.hex(32), 'api-key': random.hex(16) };
}
