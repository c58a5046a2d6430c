import { err, ok, type Result } from '@kittiwake/base';
import type { GatewayId } from '@kittiwake/protocol';
import { buildAuth } from './build-auth.ts';
import { buildBroker } from './build-broker.ts';
import { buildChannels } from './build-channels.ts';
import type { ConfigProblem, Report } from './config-problem.ts';
import { reportRelations } from './config-relations.ts';
import { DEFAULT_CONFIG } from './default-config.ts';
import {
  type GatewayConfig,
  type GatewayLimits,
  LOG_LEVELS,
  type LogLevel,
  MOVE_MAX_MS,
  type TelemetryConfig,
} from './gateway-config.ts';
import { parseFile, type SoundFile } from './parse-file.ts';
import type { Secrets } from './secrets.ts';
import { bytes, millis } from './units.ts';
import { isHttpUrl, isNetwork, isOrigin } from './urls.ts';

/** Environment variables, as the process has them. */
export type Environment = { readonly [name: string]: string | undefined };

type Sections = SoundFile['sections'];

/** Of a short window, a part is for moving. */
const MOVES_PER_WINDOW = 4;

/** What a request may carry as its bearer key. */
const KEY = /^[\x21-\x7e]{16,512}$/;

/**
 * Makes the configuration out of a file's text, the environment and the secrets, or says everything that is wrong with
 * them at once (F1). Pure: the same input gives the same answer.
 */
export function parseConfig(
  text: string,
  env: Environment,
  secrets: Secrets,
): Result<GatewayConfig, readonly ConfigProblem[]> {
  const problems: ConfigProblem[] = [];
  const report: Report = (path, problem) => void problems.push({ path, problem });
  const { sections, channels } = parseFile(text, report);
  const config: GatewayConfig = {
    gatewayId: readGatewayId(sections, env, report),
    ports: { ...DEFAULT_CONFIG.ports, ...sections.ports },
    origins: readOrigins(sections, report),
    trustedProxies: readTrustedProxies(sections, report),
    limits: readLimits(sections),
    admission: readAdmission(sections),
    heartbeat: readHeartbeat(sections),
    drain: readDrain(sections),
    auth: buildAuth(sections.auth ?? {}, secrets, report),
    broker: buildBroker(sections.broker ?? DEFAULT_CONFIG.broker, secrets, report),
    channels: buildChannels(channels, report),
    apiKey: readApiKey(secrets, report),
    operationsKey: readOperationsKey(secrets, report),
    secretsDirectory: env['KITTIWAKE_SECRETS_DIR'],
    telemetry: readTelemetry(sections, env, report),
  };
  reportRelations(config, report);
  return problems.length > 0 ? err(problems) : ok(config);
}

function readGatewayId(sections: Sections, env: Environment, report: Report): GatewayId {
  const id = env['KITTIWAKE_GATEWAY_ID'] ?? sections.gatewayId;
  if (id === undefined && sections.broker !== undefined && sections.broker.kind !== 'memory') {
    report('KITTIWAKE_GATEWAY_ID', 'is missing: gateways that share a broker need different names');
  }
  if (id !== undefined && !/^[A-Za-z0-9_.-]{1,128}$/.test(id))
    report('KITTIWAKE_GATEWAY_ID', 'may contain letters, digits, _ - . only');
  return (id ?? 'gateway') as GatewayId;
}

function readOrigins({ origins }: Sections, report: Report): readonly string[] {
  for (const [index, origin] of (origins ?? []).entries()) {
    if (origin !== '*' && !isOrigin(origin))
      report(`origins[${index}]`, 'must be an origin like https://app.example, without a path, or "*"');
  }
  return origins ?? DEFAULT_CONFIG.origins;
}

function readTrustedProxies({ trustedProxies }: Sections, report: Report): readonly string[] {
  for (const [index, network] of (trustedProxies ?? []).entries()) {
    if (!isNetwork(network))
      report(`trustedProxies[${index}]`, 'must be an address or a network like 10.42.0.0/16');
  }
  return trustedProxies ?? DEFAULT_CONFIG.trustedProxies;
}

function readLimits(sections: Sections): GatewayLimits {
  const limits = { ...DEFAULT_CONFIG.limits, ...sections.limits };
  return {
    connectionsMax: limits.connections,
    connectionsPerAddressMax: limits.connectionsPerAddress,
    channelsPerSessionMax: limits.channelsPerSession,
    sessionsPerUserMax: limits.sessionsPerUser,
    sessionRate: limits.sessionRate,
    rateWarningsMax: limits.rateWarnings,
    outboxBytesMax: bytes(limits.outbox),
    connectTimeoutMs: millis(limits.connectTimeout),
  };
}

function readAdmission(sections: Sections): GatewayConfig['admission'] {
  const admission = { ...DEFAULT_CONFIG.admission, ...sections.admission };
  return {
    perSecondMax: admission.perSecond,
    perSecondMin: admission.floorPerSecond,
    burst: admission.burst,
    retryAfterMaxMs: millis(admission.retryAfterMax),
  };
}

function readHeartbeat(sections: Sections): GatewayConfig['heartbeat'] {
  const heartbeat = { ...DEFAULT_CONFIG.heartbeat, ...sections.heartbeat };
  return { intervalMs: millis(heartbeat.interval), timeoutMs: millis(heartbeat.timeout) };
}

function readDrain(sections: Sections): GatewayConfig['drain'] {
  const drain = { ...DEFAULT_CONFIG.drain, ...sections.drain };
  return {
    readinessDelayMs: millis(drain.readinessDelay),
    holdMs: millis(drain.hold),
    windowMs: millis(drain.window),
    moveMs: Math.min(MOVE_MAX_MS, Math.floor(millis(drain.window) / MOVES_PER_WINDOW)),
    ratePerSecond: drain.ratePerSecond,
    graceMs: millis(drain.grace),
  };
}

function readApiKey(secrets: Secrets, report: Report): string {
  const key = secrets['api-key'];
  if (key === undefined) report('secrets/api-key', 'is missing: the HTTP API for backends needs a key');
  else checkKey('api-key', key, report);
  return key ?? '';
}

/** Without one the gateway does as it is configured, and takes no commands. */
function readOperationsKey(secrets: Secrets, report: Report): string | undefined {
  const key = secrets['operations-key'];
  if (key !== undefined) checkKey('operations-key', key, report);
  return key;
}

function checkKey(name: string, key: string, report: Report): void {
  if (!KEY.test(key)) report(`secrets/${name}`, 'must be 16 to 512 visible ASCII characters');
}

function readTelemetry(sections: Sections, env: Environment, report: Report): TelemetryConfig {
  const logLevel = env['LOG_LEVEL'] ?? sections.telemetry?.logLevel ?? DEFAULT_CONFIG.telemetry.logLevel;
  if (!isLogLevel(logLevel)) report('LOG_LEVEL', `must be one of ${LOG_LEVELS.join(', ')}`);
  const endpoint = env['OTEL_EXPORTER_OTLP_ENDPOINT'] ?? sections.telemetry?.otlpEndpoint;
  // An empty variable is what manifests write for "none".
  const otlpEndpoint = endpoint === '' ? undefined : endpoint;
  if (otlpEndpoint !== undefined && !isHttpUrl(otlpEndpoint)) {
    report('OTEL_EXPORTER_OTLP_ENDPOINT', 'must be an http:// or https:// address');
  }
  return { otlpEndpoint, logLevel: isLogLevel(logLevel) ? logLevel : DEFAULT_CONFIG.telemetry.logLevel };
}

function isLogLevel(text: string): text is LogLevel {
  return LOG_LEVELS.some(level => level === text);
}
