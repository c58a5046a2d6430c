import { systemClock, systemRandom } from '@kittiwake/base';
import { readBootstrapConfig } from '../config/bootstrap-config.ts';
import { processVariables } from '../config/environment.ts';
import { openAccess } from '../kube/cluster-access.ts';
import { KubeClient } from '../kube/kube-client.ts';
import { createLogger } from '../telemetry/logger.ts';
import { bootstrap } from './apply.ts';
import { createBootstrapCluster } from './bootstrap-cluster.ts';

/** Entry of the bootstrap Job: makes the Secrets that are absent, then ends. Exit code 1: not everything is there. */
async function main(): Promise<number> {
  const config = readBootstrapConfig(processVariables());
  if (!config.ok) {
    for (const { variable, problem } of config.error) process.stderr.write(`${variable} ${problem}\n`);
    return 1;
  }
  const { access, namespace, jobName, tlsHosts, deadlineMs, logLevel } = config.value;
  const logger = createLogger(logLevel, { service: 'bootstrap', job: jobName });
  const client = new KubeClient(await openAccess(access, systemClock), systemClock);
  // The clock's timers do not keep a process alive, and between two attempts nothing else does.
  const alive = new MessageChannel();
  alive.port1.onmessage = () => {};
  const done = await bootstrap({
    ports: createBootstrapCluster(client, namespace),
    clock: systemClock,
    random: systemRandom,
    logger,
    wanted: { ownJob: jobName, tlsHosts },
    deadlineMs,
  });
  alive.port1.close();
  client.stop();
  if (!done.ok) logger.error('bootstrap.failed', { kind: done.error.kind, message: done.error.message });
  return done.ok ? 0 : 1;
}

// Whatever keeps it from its end is a failure. Not awaited here: a program that awaits at its top cannot be bundled (ADR 0090).
process.exitCode = 1;
main().then(
  code => {
    process.exitCode = code;
  },
  (reason: unknown) => {
    process.stderr.write(
      `kittiwake bootstrap: ${reason instanceof Error ? reason.message : String(reason)}\n`,
    );
  },
);
