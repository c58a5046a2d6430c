import { background, systemClock, systemRandom } from '@kittiwake/base';
import { readControllerConfig } from './config/controller-config.ts';
import { processVariables } from './config/environment.ts';
import { openAccess } from './kube/cluster-access.ts';
import { createLogger } from './telemetry/logger.ts';
import { createPrometheusMetrics } from './telemetry/prometheus-metrics.ts';
import { wireController } from './wiring.ts';

/** Entry of the controller: configuration, wiring, start, signals. */
async function main(): Promise<void> {
  const config = readControllerConfig(processVariables());
  if (!config.ok) {
    for (const { variable, problem } of config.error) process.stderr.write(`${variable} ${problem}\n`);
    process.exitCode = 1;
    return;
  }
  const { logLevel, podName } = config.value;
  const logger = createLogger(logLevel, { service: 'controller', pod: podName });
  const fatal = (name: string, reason: unknown): void => {
    logger.error('fatal', {
      name,
      message: reason instanceof Error ? (reason.stack ?? reason.message) : String(reason),
    });
    process.exit(1);
  };
  const controller = wireController({
    config: config.value,
    access: await openAccess(config.value.access, systemClock),
    clock: systemClock,
    random: systemRandom,
    logger,
    metrics: createPrometheusMetrics(),
    onFailure: fatal,
  });
  let stopping: Promise<void> | undefined;
  const stop = (signal: string): void => {
    if (stopping !== undefined) return;
    logger.info('stopping', { signal });
    // [R18] An API server that does not answer must not keep us: the Lease runs out by itself.
    systemClock.after(STOP_MAX_MS, () => process.exit(0));
    stopping = controller.stop().then(() => process.exit(0));
    background(stopping, 'stop', fatal);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  await controller.start();
  logger.info('started', { namespace: config.value.namespace });
}

const STOP_MAX_MS = 5_000;

// Not awaited here: a program that awaits at its top cannot be bundled (ADR 0090).
main().catch((reason: unknown) => {
  process.stderr.write(
    `kittiwake controller: ${reason instanceof Error ? reason.message : String(reason)}\n`,
  );
  process.exit(1);
});
