import { createHash } from 'node:crypto';
import { k8s } from 'cdk8s-plus-34';
import type { Construct } from 'constructs';
import type { Values } from '../values.ts';
import {
  containerSecurity,
  environment,
  fieldVariable,
  podSecurity,
  resourcesOf,
  TMP_MOUNT,
  TMP_VOLUME,
} from './hardening.ts';
import { labelsOf } from './labels.ts';
import { MADE_SECRETS } from './made-secrets.ts';

const RESOURCES = { cpuMillis: 50, memoryMiB: 96, memoryLimitMiB: 192, storageMiB: 64 };

/**
 * The Job that makes the Secrets which are absent. A Job's template is immutable, so its name carries the template's hash:
 * a new image is a new Job, the same manifest is the same Job, and it stays, so that a second apply runs nothing (ADR 0035).
 */
export function addBootstrapJob(scope: Construct, values: Values): void {
  const spec = jobSpec(values);
  const hash = createHash('sha256').update(JSON.stringify(spec)).digest('hex').slice(0, 10);
  new k8s.KubeJob(scope, 'job', {
    metadata: {
      name: `bootstrap-${hash}`,
      namespace: values.namespace,
      labels: { ...labelsOf('bootstrap') },
    },
    spec,
  });
}

function jobSpec(values: Values): k8s.JobSpec {
  return {
    backoffLimit: 6,
    activeDeadlineSeconds: 300,
    template: {
      metadata: {
        labels: { ...labelsOf('bootstrap') },
        // Part of the hash: where another Secret is needed the Job runs anew, also for images of the same tag.
        annotations: { 'kittiwake.dev/makes': MADE_SECRETS.join(',') },
      },
      spec: bootstrapPod(values),
    },
  };
}

function bootstrapPod(values: Values): k8s.PodSpec {
  return {
    serviceAccountName: 'bootstrap',
    automountServiceAccountToken: true,
    enableServiceLinks: false,
    priorityClassName: 'kittiwake',
    restartPolicy: 'OnFailure',
    terminationGracePeriodSeconds: 5,
    securityContext: podSecurity(),
    containers: [
      {
        name: 'bootstrap',
        image: values.images.controller,
        imagePullPolicy: values.images.pullPolicy,
        command: ['node', 'start.cjs', 'bootstrap'],
        env: [
          fieldVariable('POD_NAMESPACE', 'metadata.namespace'),
          fieldVariable('JOB_NAME', "metadata.labels['batch.kubernetes.io/job-name']"),
          ...environment({ KITTIWAKE_TLS_HOSTS: values.tlsHosts.join(','), LOG_LEVEL: values.logLevel }),
        ],
        resources: resourcesOf(RESOURCES),
        securityContext: containerSecurity(),
        volumeMounts: [TMP_MOUNT],
      },
    ],
    volumes: [TMP_VOLUME],
  };
}
