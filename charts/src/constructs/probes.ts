import { k8s } from 'cdk8s-plus-34';

/** What is left to a process that answered nobody for a minute: it does not drain any more, and what it was asked is resumed elsewhere. */
const STUCK_GRACE_SECONDS = 10;

/** Probes of the Node services on their operations port; the three differ, because they answer three questions. */
export function httpProbes(
  port: string,
): Pick<k8s.Container, 'startupProbe' | 'readinessProbe' | 'livenessProbe'> {
  const get = (path: string): k8s.HttpGetAction => ({
    path,
    port: k8s.IntOrString.fromString(port),
    scheme: 'HTTP',
  });
  return {
    // Is it up at all? Asked often, so that a pod is Ready when it is, and for long, so that a slow node does not kill it.
    startupProbe: { httpGet: get('/livez'), periodSeconds: 1, timeoutSeconds: 2, failureThreshold: 120 },
    // May it have new connections? One "no" is enough: a drain begins with it.
    readinessProbe: { httpGet: get('/readyz'), periodSeconds: 2, timeoutSeconds: 2, failureThreshold: 1 },
    // Is it beyond help? Asked patiently: a restart costs every connection.
    livenessProbe: {
      httpGet: get('/livez'),
      periodSeconds: 10,
      timeoutSeconds: 5,
      failureThreshold: 6,
      terminationGracePeriodSeconds: STUCK_GRACE_SECONDS,
    },
  };
}

/**
 * Probes of the Redis tier by its own scripts. Each costs a node about 60 ms of CPU (a container runtime that enters the container,
 * a shell, redis-cli), so that they are rare, and of periods that seldom fall together.
 */
export function scriptProbes(
  script: string,
  port: string,
): Pick<k8s.Container, 'startupProbe' | 'readinessProbe' | 'livenessProbe'> {
  const run = (question: string): k8s.ExecAction => ({ command: [script, question] });
  return {
    // Its start script may have to wait for the tier to agree on a primary.
    startupProbe: {
      tcpSocket: { port: k8s.IntOrString.fromString(port) },
      periodSeconds: 1,
      timeoutSeconds: 1,
      failureThreshold: 300,
    },
    readinessProbe: { exec: run('ready'), periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 2 },
    livenessProbe: { exec: run('live'), periodSeconds: 25, timeoutSeconds: 5, failureThreshold: 3 },
  };
}
