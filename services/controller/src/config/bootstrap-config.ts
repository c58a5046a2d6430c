import { err, ok, type Result } from '@kittiwake/base';
import { type AccessConfig, LOG_LEVELS, type LogLevel, readAccess } from './access-config.ts';
import { type ConfigProblem, Environment, type Variables } from './environment.ts';

/** What the bootstrap Job is told; RBAC.md lists the variables. */
export type BootstrapConfig = {
  readonly access: AccessConfig;
  readonly namespace: string;
  /** Its own Job, which it never removes. */
  readonly jobName: string;
  /** DNS names and IP addresses of `kittiwake-tls`; empty: that Secret is not made. */
  readonly tlsHosts: readonly string[];
  readonly deadlineMs: number;
  readonly logLevel: LogLevel;
};

const HOST = /^(\*\.)?[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$|^[0-9a-f:.]{2,45}$/i;

/** [R1] Parses the environment once; the error holds every problem. */
export function readBootstrapConfig(variables: Variables): Result<BootstrapConfig, readonly ConfigProblem[]> {
  const environment = new Environment(variables);
  const config: BootstrapConfig = {
    access: readAccess(environment),
    namespace: environment.name('POD_NAMESPACE'),
    jobName: environment.name('JOB_NAME'),
    tlsHosts: environment.texts('KITTIWAKE_TLS_HOSTS', 'kittiwake.localhost'),
    deadlineMs: environment.integer('KITTIWAKE_BOOTSTRAP_DEADLINE_MS', {
      fallback: 120_000,
      min: 1_000,
      max: 3_600_000,
    }),
    logLevel: environment.oneOf('LOG_LEVEL', LOG_LEVELS, 'info'),
  };
  for (const host of config.tlsHosts) {
    if (!HOST.test(host))
      environment.reject('KITTIWAKE_TLS_HOSTS', `holds "${host}", which is no host name or address`);
  }
  return environment.problems.length === 0 ? ok(config) : err(environment.problems);
}
