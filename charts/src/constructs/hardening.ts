import { k8s } from 'cdk8s-plus-34';
import type { Resources, Spread } from '../values.ts';
import { type Component, type Labels, selectorOf } from './labels.ts';

/** What every pod has, so that the namespace can enforce Pod Security `restricted` and policy checkers find nothing (G3). */

/** User and group of every container; above 10000, so that it is nobody on the node. */
export const USER_ID = 10_001;

/** Pod-level part of Pod Security `restricted`. */
export function podSecurity(): k8s.PodSecurityContext {
  return {
    runAsNonRoot: true,
    runAsUser: USER_ID,
    runAsGroup: USER_ID,
    fsGroup: USER_ID,
    fsGroupChangePolicy: 'OnRootMismatch',
    seccompProfile: { type: 'RuntimeDefault' },
  };
}

/** Container-level part of Pod Security `restricted`, and a root file system that nothing can be written to. */
export function containerSecurity(): k8s.SecurityContext {
  return {
    allowPrivilegeEscalation: false,
    privileged: false,
    readOnlyRootFilesystem: true,
    runAsNonRoot: true,
    capabilities: { drop: ['ALL'] },
  };
}

/** Requests and limits; CPU is requested and not limited (ADR 0034). */
export function resourcesOf(resources: Resources): k8s.ResourceRequirements {
  const storage = quantity(`${resources.storageMiB}Mi`);
  return {
    requests: {
      cpu: cpu(resources.cpuMillis),
      memory: memory(resources.memoryMiB),
      'ephemeral-storage': storage,
    },
    limits: { memory: memory(resources.memoryLimitMiB), 'ephemeral-storage': storage },
  };
}

/** Written the way the API server writes it back, so that a second apply finds nothing to change (G4). */
export function memory(mebibytes: number): k8s.Quantity {
  return quantity(mebibytes % 1_024 === 0 ? `${mebibytes / 1_024}Gi` : `${mebibytes}Mi`);
}

/** Thousandths of a core, canonically. */
export function cpu(millis: number): k8s.Quantity {
  return quantity(millis % 1_000 === 0 ? String(millis / 1_000) : `${millis}m`);
}

/** A quantity as it is. */
export function quantity(text: string): k8s.Quantity {
  return k8s.Quantity.fromString(text);
}

/** `/tmp`, the one place that may be written to. */
export const TMP_VOLUME: k8s.Volume = { name: 'tmp', emptyDir: { sizeLimit: quantity('16Mi') } };
export const TMP_MOUNT: k8s.VolumeMount = { name: 'tmp', mountPath: '/tmp' };

/** How pods of a component are spread: over zones softly, over nodes as `spread` says. `revisionLabel` keeps a rollout's pods apart from the old ones. */
export function spreading(
  component: Component,
  spread: Spread,
  revisionLabel: string,
): Pick<k8s.PodSpec, 'topologySpreadConstraints' | 'affinity'> {
  const labelSelector: k8s.LabelSelector = { matchLabels: { ...selectorOf(component) } };
  const constraint = (topologyKey: string, whenUnsatisfiable: string): k8s.TopologySpreadConstraint => ({
    topologyKey,
    maxSkew: 1,
    whenUnsatisfiable,
    labelSelector,
    matchLabelKeys: [revisionLabel],
  });
  return {
    topologySpreadConstraints: [
      constraint('topology.kubernetes.io/zone', 'ScheduleAnyway'),
      constraint('kubernetes.io/hostname', spread === 'required' ? 'DoNotSchedule' : 'ScheduleAnyway'),
    ],
    affinity: {
      podAntiAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [
          { weight: 100, podAffinityTerm: { topologyKey: 'kubernetes.io/hostname', labelSelector } },
        ],
      },
    },
  };
}

/** Environment variables with plain values, in the order given. */
export function environment(values: Labels): k8s.EnvVar[] {
  return Object.entries(values).map(([name, value]) => ({ name, value }));
}

/** An environment variable that is one of the pod's own fields. */
export function fieldVariable(name: string, fieldPath: string): k8s.EnvVar {
  return { name, valueFrom: { fieldRef: { fieldPath } } };
}
