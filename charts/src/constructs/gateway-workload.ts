import { createHash } from 'node:crypto';
import { k8s } from 'cdk8s-plus-34';
import { Construct } from 'constructs';
import { rolloutBudget } from '../rollout-budget.ts';
import type { Values } from '../values.ts';
import { GATEWAY_PORTS, gatewayConfig } from './gateway-config.ts';
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
import { IN_SERVICE, labelsOf, selectorOf } from './labels.ts';
import { httpProbes } from './probes.ts';
import { scrapeAnnotations } from './scrape.ts';

const CONFIG_FILE = '/etc/kittiwake/config/gateway.json';
const SECRETS_DIRECTORY = '/etc/kittiwake/secrets';

/** The gateways: their configuration, and the Deployment whose size belongs to the autoscaler (no `replicas` here). */
export class GatewayWorkload extends Construct {
  constructor(scope: Construct, id: string, values: Values) {
    super(scope, id);
    const config = `${JSON.stringify(gatewayConfig(values), null, 2)}\n`;
    const labels = { ...labelsOf('gateway') };
    const { namespace } = values;
    new k8s.KubeConfigMap(this, 'config', {
      metadata: { name: 'gateway-config', namespace, labels },
      data: { 'gateway.json': config },
    });
    new k8s.KubeDeployment(this, 'deployment', {
      metadata: { name: 'gateway', namespace, labels },
      spec: {
        ...rollout(values),
        revisionHistoryLimit: 5,
        selector: { matchLabels: { ...selectorOf('gateway') } },
        template: {
          metadata: {
            labels: { ...labels, ...IN_SERVICE },
            annotations: { ...scrapeAnnotations(values), 'kittiwake.dev/config-sha256': sha256(config) },
          },
          spec: gatewayPod(values),
        },
      },
    });
  }
}

/** At the next image or configuration nobody is turned away: new gateways come before old ones go, and these wait for all of them. */
function rollout(
  values: Values,
): Pick<k8s.DeploymentSpec, 'minReadySeconds' | 'progressDeadlineSeconds' | 'strategy'> {
  const { minReadySeconds, progressDeadlineSeconds, maxSurgePercent } = rolloutBudget(values);
  return {
    minReadySeconds,
    progressDeadlineSeconds,
    strategy: {
      type: 'RollingUpdate',
      rollingUpdate: {
        maxUnavailable: k8s.IntOrString.fromNumber(0),
        maxSurge: k8s.IntOrString.fromString(`${maxSurgePercent}%`),
      },
    },
  };
}

function gatewayPod(values: Values): k8s.PodSpec {
  return {
    serviceAccountName: 'gateway',
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    priorityClassName: 'kittiwake',
    terminationGracePeriodSeconds: rolloutBudget(values).graceSeconds,
    securityContext: podSecurity(),
    ...spreading('gateway', values.gateway.spread, 'pod-template-hash'),
    containers: [gatewayContainer(values)],
    volumes: [
      { name: 'config', configMap: { name: 'gateway-config' } },
      { name: 'secrets', projected: { defaultMode: 0o440, sources: secretFiles() } },
      TMP_VOLUME,
    ],
  };
}

function gatewayContainer(values: Values): k8s.Container {
  const port = (name: string, containerPort: number): k8s.ContainerPort => ({
    name,
    containerPort,
    protocol: 'TCP',
  });
  const { otlpEndpoint, resources } = values.gateway;
  return {
    name: 'gateway',
    image: values.images.gateway,
    imagePullPolicy: values.images.pullPolicy,
    command: ['node', 'start.cjs', 'gateway'],
    env: [
      fieldVariable('KITTIWAKE_GATEWAY_ID', 'metadata.name'),
      ...environment({
        KITTIWAKE_CONFIG: CONFIG_FILE,
        KITTIWAKE_SECRETS_DIR: SECRETS_DIRECTORY,
        LOG_LEVEL: values.logLevel,
        ...(otlpEndpoint === undefined ? {} : { OTEL_EXPORTER_OTLP_ENDPOINT: otlpEndpoint }),
      }),
    ],
    ports: [
      port('clients', GATEWAY_PORTS.clients),
      port('api', GATEWAY_PORTS.api),
      port('operations', GATEWAY_PORTS.operations),
    ],
    ...httpProbes('operations'),
    // Nothing but waiting: by the time of SIGTERM the ingress has stopped sending newcomers here.
    lifecycle: { preStop: { sleep: { seconds: rolloutBudget(values).preStopSeconds } } },
    resources: resourcesOf(resources),
    securityContext: containerSecurity(),
    volumeMounts: [
      { name: 'config', mountPath: '/etc/kittiwake/config', readOnly: true },
      { name: 'secrets', mountPath: SECRETS_DIRECTORY, readOnly: true },
      TMP_MOUNT,
    ],
  };
}

/** The secrets that a gateway may know, under the names it reads. The Sentinels know it by the same password as Redis does. */
function secretFiles(): k8s.VolumeProjection[] {
  const file = (name: string, key: string, path: string): k8s.VolumeProjection => ({
    secret: { name, items: [{ key, path }] },
  });
  return [
    file('kittiwake-signing-keys', 'current', 'signing-key-current'),
    {
      secret: {
        name: 'kittiwake-signing-keys',
        items: [{ key: 'previous', path: 'signing-key-previous' }],
        optional: true,
      },
    },
    file('kittiwake-api-key', 'api-key', 'api-key'),
    file('kittiwake-operations-key', 'operations-key', 'operations-key'),
    file('kittiwake-redis', 'gateway-password', 'redis-password'),
    file('kittiwake-redis', 'gateway-password', 'sentinel-password'),
  ];
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
