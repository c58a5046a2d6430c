import { systemClock, systemRandom } from '@kittiwake/base';
import { describeProblems } from './config/describe-problems.ts';
import type { GatewayConfig } from './config/gateway-config.ts';
import { loadConfig } from './config/load-config.ts';
import { listenForSignals } from './lifecycle/signals.ts';
import { createPrometheusMetrics } from './metrics/prometheus-metrics.ts';
import type { Logger } from './telemetry/logger.ts';
import { noTracer } from './telemetry/no-tracer.ts';
import { startOtelTracer } from './telemetry/otel-tracer.ts';
import { createPinoLogger } from './telemetry/pino-logger.ts';
import type { Tracer } from './telemetry/tracer.ts';
import { createGateway } from './wiring/gateway.ts';
import { createTier } from './wiring/tier.ts';
import { VERSION } from './wiring/version.ts';

/** A gateway as a process: reads its configuration, starts, and leaves in good order when it is told to. */
async function main(): Promise<void> {
  const loaded = await loadConfig();
  if (!loaded.ok) {
    process.stderr.write(
      `${describeProblems(loaded.error, process.env['KITTIWAKE_CONFIG'] ?? 'the configuration')}\n`,
    );
    process.exit(1);
  }
  const config = loaded.value;
  const log = createPinoLogger({ level: config.telemetry.logLevel, fields: { gateway: config.gatewayId } });
  const shared = { clock: systemClock, random: systemRandom, metrics: createPrometheusMetrics(), log };
  const tracer = await startTracer(config, log);
  const gateway = createGateway({ ...shared, config, tracer, tier: createTier(config.broker, shared) });
  const leave = (work: Promise<void>): void => {
    work.then(
      () => process.exit(0),
      (reason: unknown) => exitOnBug(log, 'gateway.stop_failed', reason),
    );
  };
  listenForSignals(process, { drain: () => leave(gateway.drain()), now: () => leave(gateway.stop()) });
  // What nobody caught is a bug outside of any session: say so, hand the sessions over, and exit (ADR-0001).
  const onBug = (reason: unknown): void => {
    shared.metrics.count('kittiwake_assertion_failures_total', 1, { room: 'process' });
    log.error('process.uncaught', {
      reason: reason instanceof Error ? (reason.stack ?? reason.message) : String(reason),
    });
    gateway.drain().finally(() => process.exit(1));
  };
  process.once('uncaughtException', onBug);
  process.once('unhandledRejection', onBug);
  await gateway.start();
}

function startTracer({ telemetry, gatewayId }: GatewayConfig, log: Logger): Promise<Tracer> {
  if (telemetry.otlpEndpoint === undefined) return Promise.resolve(noTracer);
  const options = { endpoint: telemetry.otlpEndpoint, serviceName: 'kittiwake-gateway', gateway: gatewayId };
  return startOtelTracer({ ...options, version: VERSION, clock: systemClock, log });
}

function exitOnBug(log: Logger, event: string, reason: unknown): void {
  log.error(event, { reason: String(reason) });
  process.exit(1);
}

main().catch((reason: unknown) => {
  process.stderr.write(`kittiwake gateway: ${reason instanceof Error ? reason.message : String(reason)}\n`);
  process.exit(1);
});
