import type { Clock, FailureSink, Random } from '@kittiwake/base';
import type { ControllerConfig } from './config/controller-config.ts';
import type { ClusterAccess } from './kube/cluster-access.ts';
import type { Logger } from './telemetry/logger.ts';
import type { PrometheusMetrics } from './telemetry/prometheus-metrics.ts';

/** What a controller is given. `onFailure` hears of broken beliefs of our own code: the process ends, Kubernetes starts it anew. */
export type ControllerParts = {
  readonly config: ControllerConfig;
  readonly access: ClusterAccess;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly metrics: PrometheusMetrics;
  readonly onFailure: FailureSink;
};
