import { createHash } from 'node:crypto';
import { k8s } from 'cdk8s-plus-34';
import { Construct } from 'constructs';
import type { RedisValues, Resources, Values } from '../values.ts';
import {
  containerSecurity,
  environment,
  fieldVariable,
  podSecurity,
  quantity,
  resourcesOf,
  spreading,
  TMP_MOUNT,
  TMP_VOLUME,
} from './hardening.ts';
import { labelsOf, selectorOf } from './labels.ts';
import { scriptProbes } from './probes.ts';
import { redisConfig, redisUsers, tierScripts } from './redis-config.ts';

/** What the two StatefulSets of the tier differ in. */
type Member = {
  readonly component: 'redis' | 'sentinel';
  readonly replicas: number;
  readonly port: number;
  readonly resources: Resources;
  readonly gracePeriodSeconds: number;
  readonly preStop: k8s.LifecycleHandler | undefined;
};

const SCRIPTS = '/etc/kittiwake/scripts';
const SETTINGS = '/etc/kittiwake/settings';

/** Redis and its Sentinels: scripts, settings, one announce Service per pod, two StatefulSets. */
export class RedisTier extends Construct {
  constructor(scope: Construct, id: string, values: Values) {
    super(scope, id);
    const { redis, namespace } = values;
    const configMap = (name: string, data: { [file: string]: string }): void => {
      new k8s.KubeConfigMap(this, name, {
        metadata: { name, namespace, labels: { ...labelsOf('redis') } },
        data,
      });
    };
    configMap('redis-scripts', { ...tierScripts() });
    configMap('redis-settings', { 'redis.conf': redisConfig(redis), 'users.acl': redisUsers() });
    for (const member of members(redis)) {
      this.#addServices(values, member);
      this.#addStatefulSet(values, member);
    }
  }

  /** The StatefulSet's own headless Service, and a stable address for each pod: what the tier announces (ADR 0032). */
  #addServices({ namespace }: Values, { component, replicas, port }: Member): void {
    const labels = { ...labelsOf(component) };
    const ports: k8s.ServicePort[] = [
      { name: component, port, targetPort: k8s.IntOrString.fromString(component), protocol: 'TCP' },
    ];
    new k8s.KubeService(this, `${component}-headless`, {
      metadata: { name: component, namespace, labels },
      spec: {
        clusterIp: 'None',
        publishNotReadyAddresses: true,
        selector: { ...selectorOf(component) },
        ports,
      },
    });
    for (let index = 0; index < replicas; index += 1) {
      const name = `${component}-${index}`;
      new k8s.KubeService(this, name, {
        metadata: { name, namespace, labels },
        spec: {
          type: 'ClusterIP',
          // Pods that are not Ready must be reachable: they become so by talking to one another.
          publishNotReadyAddresses: true,
          selector: { ...selectorOf(component), 'statefulset.kubernetes.io/pod-name': name },
          ports,
        },
      });
    }
  }

  #addStatefulSet(values: Values, member: Member): void {
    const { component } = member;
    const labels = { ...labelsOf(component) };
    const annotations = { 'kittiwake.dev/settings-sha256': settingsDigest(values.redis) };
    new k8s.KubeStatefulSet(this, `${component}-set`, {
      metadata: { name: component, namespace: values.namespace, labels },
      spec: {
        serviceName: component,
        replicas: member.replicas,
        // They find one another by themselves, so they may start together; updates still go one by one.
        podManagementPolicy: 'Parallel',
        updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
        revisionHistoryLimit: 5,
        selector: { matchLabels: { ...selectorOf(component) } },
        template: { metadata: { labels, annotations }, spec: tierPod(values, member) },
        ...claims(values.redis),
      },
    });
  }
}

function members(redis: RedisValues): readonly Member[] {
  const { replicas, sentinels, resources, sentinelResources, gracePeriodSeconds } = redis;
  const preStop: k8s.LifecycleHandler = { exec: { command: [`${SCRIPTS}/redis-pre-stop.sh`] } };
  return [
    {
      component: 'sentinel',
      replicas: sentinels,
      port: 26_379,
      resources: sentinelResources,
      gracePeriodSeconds: 15,
      preStop: undefined,
    },
    { component: 'redis', replicas, port: 6_379, resources, gracePeriodSeconds, preStop },
  ];
}

function tierPod(values: Values, member: Member): k8s.PodSpec {
  const { component } = member;
  return {
    serviceAccountName: 'redis',
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    priorityClassName: 'kittiwake',
    terminationGracePeriodSeconds: member.gracePeriodSeconds,
    securityContext: podSecurity(),
    ...spreading(component, values.redis.spread, 'controller-revision-hash'),
    containers: [tierContainer(values, member)],
    volumes: [
      { name: 'scripts', configMap: { name: 'redis-scripts', defaultMode: 0o555 } },
      { name: 'settings', configMap: { name: 'redis-settings' } },
      { name: 'secrets', secret: { secretName: 'kittiwake-redis', defaultMode: 0o440 } },
      // Holds passwords: in memory, never on a disk.
      { name: 'run', emptyDir: { medium: 'Memory', sizeLimit: quantity('1Mi') } },
      ...(values.redis.storage.kind === 'ephemeral'
        ? [{ name: 'data', emptyDir: { sizeLimit: dataLimit(member.resources) } }]
        : []),
      TMP_VOLUME,
    ],
  };
}

function tierContainer(values: Values, member: Member): k8s.Container {
  const { component, port } = member;
  return {
    name: component,
    image: values.images.redis,
    imagePullPolicy: values.images.pullPolicy,
    command: [`${SCRIPTS}/${component}-start.sh`],
    env: [fieldVariable('POD_NAME', 'metadata.name'), ...environment(scriptEnvironment(values, port))],
    ports: [{ name: component, containerPort: port, protocol: 'TCP' }],
    ...scriptProbes(`${SCRIPTS}/${component}-probe.sh`, component),
    ...(member.preStop === undefined ? {} : { lifecycle: { preStop: member.preStop } }),
    resources: resourcesOf(member.resources),
    securityContext: containerSecurity(),
    volumeMounts: [
      { name: 'scripts', mountPath: SCRIPTS, readOnly: true },
      { name: 'settings', mountPath: SETTINGS, readOnly: true },
      { name: 'secrets', mountPath: '/etc/kittiwake/secrets', readOnly: true },
      { name: 'run', mountPath: '/run/kittiwake' },
      { name: 'data', mountPath: '/data' },
      TMP_MOUNT,
    ],
  };
}

/** Names carry the namespace: a pod's own short name is in its /etc/hosts, with the address of the pod. */
function scriptEnvironment({ redis, namespace }: Values, port: number): { readonly [name: string]: string } {
  const peers = (component: string, count: number, peerPort: number): string =>
    Array.from({ length: count }, (_, index) => `${component}-${index}.${namespace}.svc:${peerPort}`).join(
      ' ',
    );
  return {
    SELF: `$(POD_NAME).${namespace}.svc:${port}`,
    REDIS_PEERS: peers('redis', redis.replicas, 6_379),
    SENTINEL_PEERS: peers('sentinel', redis.sentinels, 26_379),
    QUORUM: String(redis.quorum),
    DOWN_AFTER_MS: String(redis.downAfterMs),
    FAILOVER_TIMEOUT_MS: String(redis.failoverTimeoutMs),
    HANDOVER_SECONDS: String(redis.handoverSeconds),
    SECRETS_DIR: '/etc/kittiwake/secrets',
    CONFIG_FILE: `${SETTINGS}/redis.conf`,
    USERS_FILE: `${SETTINGS}/users.acl`,
    RUN_DIR: '/run/kittiwake',
    DATA_DIR: '/data',
  };
}

function claims({
  storage,
}: RedisValues): Pick<k8s.StatefulSetSpec, 'volumeClaimTemplates' | 'persistentVolumeClaimRetentionPolicy'> {
  if (storage.kind === 'ephemeral') return {};
  const claim: k8s.KubePersistentVolumeClaimProps = {
    metadata: { name: 'data' },
    spec: {
      accessModes: ['ReadWriteOnce'],
      volumeMode: 'Filesystem',
      ...(storage.storageClass === undefined ? {} : { storageClassName: storage.storageClass }),
      resources: { requests: { storage: quantity(`${storage.sizeGiB}Gi`) } },
    },
  };
  return {
    volumeClaimTemplates: [claim],
    persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Delete', whenScaled: 'Retain' },
  };
}

function dataLimit({ storageMiB }: Resources): k8s.Quantity {
  return quantity(`${Math.floor(storageMiB / 2)}Mi`);
}

/** A change of scripts or settings rolls the pods, one by one. */
function settingsDigest(redis: RedisValues): string {
  const settings = JSON.stringify([tierScripts(), redisConfig(redis), redisUsers()]);
  return createHash('sha256').update(settings).digest('hex');
}
