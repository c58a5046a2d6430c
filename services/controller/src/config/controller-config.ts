import { err, ok, type Result } from '@kittiwake/base';
import { parseSelector } from '../decode/label-selector.ts';
import { type AccessConfig, LOG_LEVELS, type LogLevel, readAccess } from './access-config.ts';
import { type ConfigProblem, Environment, type Variables } from './environment.ts';

/** Everything that can be set from outside; RBAC.md lists the variables. */
export type ControllerConfig = {
  readonly access: AccessConfig;
  readonly podName: string;
  readonly namespace: string;
  readonly metricsApiPort: number;
  readonly operationsPort: number;
  readonly serviceName: string;
  /** Names of the APIServices whose `caBundle` is kept; may be empty. */
  readonly apiServices: readonly string[];
  readonly gatewaySelector: string;
  readonly gatewayOperationsPort: number;
  readonly scrapeIntervalMs: number;
  readonly lease: LeaseConfig;
  readonly handover: HandoverConfig;
  readonly logLevel: LogLevel;
};

/** Timing of the election: duration > renew deadline > 2 × retry period. */
export type LeaseConfig = {
  readonly name: string;
  readonly durationMs: number;
  readonly renewDeadlineMs: number;
  readonly retryPeriodMs: number;
};

/** Who hands over to whom, and how fast. Shares are of the mean number of sessions. */
export type HandoverConfig = {
  /** Name of the gateways' Deployment, and of their HorizontalPodAutoscaler. */
  readonly deployment: string;
  readonly autoscaler: string;
  /** Where the file `operations-key` lies; empty: nobody is told anything. */
  readonly secretsDirectory: string;
  /** New sessions that one gateway takes per second. */
  readonly acceptPerSecond: number;
  /** How long a rollout may stand still before held gateways are released. */
  readonly stallMs: number;
  readonly beginShare: number;
  readonly withinShare: number;
  readonly sessionsMin: number;
  readonly coolDownMs: number;
};

const API_SERVICES = 'v1beta1.custom.metrics.k8s.io,v1beta2.custom.metrics.k8s.io';
const GATEWAYS = 'app.kubernetes.io/name=kittiwake,app.kubernetes.io/component=gateway';

/** [R1] Parses the environment once; the error holds every problem, never only the first. */
export function readControllerConfig(
  variables: Variables,
): Result<ControllerConfig, readonly ConfigProblem[]> {
  const environment = new Environment(variables);
  const port = (name: string, fallback: number): number =>
    environment.integer(name, { fallback, min: 0, max: 65_535 });
  const config: ControllerConfig = {
    access: readAccess(environment),
    podName: environment.name('POD_NAME'),
    namespace: environment.name('POD_NAMESPACE'),
    metricsApiPort: port('KITTIWAKE_METRICS_API_PORT', 8443),
    operationsPort: port('KITTIWAKE_OPERATIONS_PORT', 8200),
    serviceName: environment.name('KITTIWAKE_SERVICE_NAME', 'controller'),
    apiServices: environment.texts('KITTIWAKE_API_SERVICES', API_SERVICES),
    gatewaySelector: environment.text('KITTIWAKE_GATEWAY_SELECTOR', GATEWAYS),
    gatewayOperationsPort: environment.integer('KITTIWAKE_GATEWAY_OPERATIONS_PORT', {
      fallback: 8200,
      min: 1,
      max: 65_535,
    }),
    scrapeIntervalMs: environment.integer('KITTIWAKE_SCRAPE_INTERVAL_MS', {
      fallback: 5_000,
      min: 1_000,
      max: 30_000,
    }),
    lease: readLease(environment),
    handover: readHandover(environment),
    logLevel: environment.oneOf('LOG_LEVEL', LOG_LEVELS, 'info'),
  };
  if (!parseSelector(config.gatewaySelector).ok)
    environment.reject('KITTIWAKE_GATEWAY_SELECTOR', 'is not a label selector');
  return environment.problems.length === 0 ? ok(config) : err(environment.problems);
}

function readHandover(environment: Environment): HandoverConfig {
  const number = (name: string, fallback: number, [min, max]: readonly [number, number]): number =>
    environment.integer(`KITTIWAKE_${name}`, { fallback, min, max });
  const beginPercent = number('REBALANCE_BEGIN_PERCENT', 25, [2, 1_000]);
  const withinPercent = number('REBALANCE_WITHIN_PERCENT', 10, [1, 100]);
  if (beginPercent <= withinPercent)
    environment.reject(
      'KITTIWAKE_REBALANCE_BEGIN_PERCENT',
      'must be above KITTIWAKE_REBALANCE_WITHIN_PERCENT',
    );
  return {
    deployment: environment.name('KITTIWAKE_GATEWAY_DEPLOYMENT', 'gateway'),
    autoscaler: environment.name('KITTIWAKE_GATEWAY_AUTOSCALER', 'gateway'),
    secretsDirectory: environment.text('KITTIWAKE_SECRETS_DIR', ''),
    acceptPerSecond: number('ACCEPT_PER_SECOND', 300, [1, 100_000]),
    stallMs: number('DRAIN_STALL_MS', 60_000, [5_000, 3_600_000]),
    beginShare: beginPercent / 100,
    withinShare: withinPercent / 100,
    sessionsMin: number('REBALANCE_SESSIONS_MIN', 20, [1, 1_000_000]),
    coolDownMs: number('REBALANCE_COOL_DOWN_MS', 60_000, [1_000, 3_600_000]),
  };
}

function readLease(environment: Environment): LeaseConfig {
  const lease: LeaseConfig = {
    name: environment.name('KITTIWAKE_LEASE_NAME', 'kittiwake-controller'),
    durationMs: environment.integer('KITTIWAKE_LEASE_DURATION_MS', {
      fallback: 15_000,
      min: 1_000,
      max: 600_000,
    }),
    renewDeadlineMs: environment.integer('KITTIWAKE_LEASE_RENEW_DEADLINE_MS', {
      fallback: 10_000,
      min: 500,
      max: 600_000,
    }),
    retryPeriodMs: environment.integer('KITTIWAKE_LEASE_RETRY_PERIOD_MS', {
      fallback: 2_000,
      min: 100,
      max: 60_000,
    }),
  };
  if (lease.durationMs % 1_000 !== 0)
    environment.reject('KITTIWAKE_LEASE_DURATION_MS', 'must be whole seconds');
  if (lease.durationMs <= lease.renewDeadlineMs) {
    environment.reject('KITTIWAKE_LEASE_RENEW_DEADLINE_MS', 'must be shorter than the duration');
  }
  if (lease.renewDeadlineMs <= 2 * lease.retryPeriodMs) {
    environment.reject('KITTIWAKE_LEASE_RETRY_PERIOD_MS', 'must be less than half of the renew deadline');
  }
  return lease;
}
