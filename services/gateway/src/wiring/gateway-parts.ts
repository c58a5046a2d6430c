import type { Clock, Random } from '@kittiwake/base';
import type { BrokerTier } from '../broker/tier-options.ts';
import type { GatewayConfig } from '../config/gateway-config.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { Tracer } from '../telemetry/tracer.ts';
import type { HttpRoutes } from '../transport/http-server.ts';

/** What a gateway is made of: everything that touches time, chance or the outside world is handed in. */
export type GatewayParts = {
  readonly config: GatewayConfig;
  readonly clock: Clock;
  readonly random: Random;
  readonly metrics: Metrics & { render(): Promise<{ readonly contentType: string; readonly body: string }> };
  readonly log: Logger;
  readonly tracer: Tracer;
  readonly tier: BrokerTier;
  /** Plain HTTP on the client port, for development. */
  readonly routes?: HttpRoutes;
};
