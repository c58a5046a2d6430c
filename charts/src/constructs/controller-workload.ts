import { k8s } from 'cdk8s-plus-34';
import { Construct } from 'constructs';
import { rolloutBudget } from '../rollout-budget.ts';
import type { Values } from '../values.ts';
import { METRICS_API_VERSIONS } from './controller-rules.ts';
import {
  containerSecurity,
  environment,
  fieldVariable,
  podSecurity,
  resourcesOf,
  spreading,
  TMP_MOUNT,
  TMP_VOLUME,
} from './hardening.ts';
import { labelsOf, selectorOf } from './labels.ts';
import { httpProbes } from './probes.ts';
import { OPERATIONS_PORT, scrapeAnnotations } from './scrape.ts';

/** Where the controller serves custom.metrics.k8s.io over TLS. */
export const METRICS_API_PORT = { name: 'metrics-api', number: 8_443 } as const;

const SECRETS_DIRECTORY = '/etc/kittiwake/secrets';

/** The controller's Deployment and Service; services/controller/RBAC.md says what it is told. */
export class ControllerWorkload extends Construct {
  constructor(scope: Construct, id: string, values: Values) {
    super(scope, id);
    const labels = { ...labelsOf('controller') };
    const { namespace } = values;
    new k8s.KubeService(this, 'service', {
      metadata: { name: 'controller', namespace, labels },
      spec: {
        type: 'ClusterIP',
        selector: { ...selectorOf('controller') },
        ports: [
          {
            name: METRICS_API_PORT.name,
            port: 443,
            targetPort: k8s.IntOrString.fromString(METRICS_API_PORT.name),
            protocol: 'TCP',
          },
        ],
      },
    });
    new k8s.KubeDeployment(this, 'deployment', {
      metadata: { name: 'controller', namespace, labels },
      spec: {
        replicas: values.controller.replicas,
        strategy: {
          type: 'RollingUpdate',
          rollingUpdate: {
            maxUnavailable: k8s.IntOrString.fromNumber(0),
            maxSurge: k8s.IntOrString.fromNumber(1),
          },
        },
        revisionHistoryLimit: 5,
        selector: { matchLabels: { ...selectorOf('controller') } },
        template: {
          metadata: { labels, annotations: { ...scrapeAnnotations(values) } },
          spec: controllerPod(values),
        },
      },
    });
  }
}

/** Registers the versions of custom.metrics.k8s.io. The controller writes the CA bundle itself; kubectl leaves it alone. */
export function addMetricsApi(scope: Construct, values: Values): void {
  METRICS_API_VERSIONS.forEach((version, index) => {
    new k8s.KubeApiService(scope, version, {
      metadata: { name: `${version}.custom.metrics.k8s.io`, labels: { ...labelsOf('controller') } },
      spec: {
        group: 'custom.metrics.k8s.io',
        version,
        groupPriorityMinimum: 100,
        versionPriority: 100 * (index + 1),
        service: { name: 'controller', namespace: values.namespace, port: 443 },
      },
    });
  });
}

function controllerPod(values: Values): k8s.PodSpec {
  return {
    serviceAccountName: 'controller',
    automountServiceAccountToken: true,
    enableServiceLinks: false,
    priorityClassName: 'kittiwake',
    terminationGracePeriodSeconds: 15,
    securityContext: podSecurity(),
    ...spreading('controller', 'preferred', 'pod-template-hash'),
    containers: [controllerContainer(values)],
    volumes: [operationsKey(), TMP_VOLUME],
  };
}

function controllerContainer(values: Values): k8s.Container {
  return {
    name: 'controller',
    image: values.images.controller,
    imagePullPolicy: values.images.pullPolicy,
    command: ['node', 'start.cjs', 'controller'],
    env: [
      fieldVariable('POD_NAME', 'metadata.name'),
      fieldVariable('POD_NAMESPACE', 'metadata.namespace'),
      ...environment({
        // With KEDA nobody asks for the custom metric, and the API may belong to another server.
        ...(values.autoscaling.profile === 'keda' ? { KITTIWAKE_API_SERVICES: '' } : {}),
        KITTIWAKE_SECRETS_DIR: SECRETS_DIRECTORY,
        KITTIWAKE_ACCEPT_PER_SECOND: String(values.gateway.budget.handoverPerSecond),
        KITTIWAKE_DRAIN_STALL_MS: String(rolloutBudget(values).stallSeconds * 1_000),
        LOG_LEVEL: values.logLevel,
      }),
    ],
    ports: [
      { name: METRICS_API_PORT.name, containerPort: METRICS_API_PORT.number, protocol: 'TCP' },
      { name: OPERATIONS_PORT.name, containerPort: OPERATIONS_PORT.number, protocol: 'TCP' },
    ],
    ...httpProbes(OPERATIONS_PORT.name),
    lifecycle: { preStop: { sleep: { seconds: 2 } } },
    resources: resourcesOf(values.controller.resources),
    securityContext: containerSecurity(),
    volumeMounts: [{ name: 'secrets', mountPath: SECRETS_DIRECTORY, readOnly: true }, TMP_MOUNT],
  };
}

/** What it shows to gateways when it tells them to hand over. A volume of its own, not a `subPath`: a replaced key arrives. */
function operationsKey(): k8s.Volume {
  const items = [{ key: 'operations-key', path: 'operations-key' }];
  return {
    name: 'secrets',
    projected: { defaultMode: 0o440, sources: [{ secret: { name: 'kittiwake-operations-key', items } }] },
  };
}
