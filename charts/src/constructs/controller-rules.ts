import type { k8s } from 'cdk8s-plus-34';
import { CONNECTIONS_METRIC } from './autoscaling.ts';

/** What the controller and the bootstrap Job may do, rule by rule; why is in services/controller/RBAC.md. */

/** Versions of custom.metrics.k8s.io that the controller serves. */
export const METRICS_API_VERSIONS = ['v1beta1', 'v1beta2'] as const;

/** Cluster-wide: its own APIServices' CA bundle, and who may read a metric. */
export const CONTROLLER_CLUSTER_RULES: readonly k8s.PolicyRule[] = [
  {
    apiGroups: ['apiregistration.k8s.io'],
    resources: ['apiservices'],
    resourceNames: METRICS_API_VERSIONS.map(version => `${version}.custom.metrics.k8s.io`),
    verbs: ['get', 'patch'],
  },
  { apiGroups: ['authorization.k8s.io'], resources: ['subjectaccessreviews'], verbs: ['create'] },
];

/** In its own namespace. `create` cannot be limited by name. */
export const CONTROLLER_RULES: readonly k8s.PolicyRule[] = [
  // Of a pod it may change its deletion cost only: `addPodGuard` says what RBAC cannot.
  { apiGroups: [''], resources: ['pods'], verbs: ['list', 'watch', 'patch'] },
  {
    apiGroups: ['apps'],
    resources: ['deployments'],
    resourceNames: ['gateway'],
    verbs: ['list', 'watch'],
  },
  { apiGroups: ['apps'], resources: ['replicasets'], verbs: ['list', 'watch'] },
  {
    apiGroups: ['autoscaling'],
    resources: ['horizontalpodautoscalers'],
    resourceNames: ['gateway'],
    verbs: ['list', 'watch'],
  },
  { apiGroups: [''], resources: ['configmaps'], verbs: ['create'] },
  {
    apiGroups: [''],
    resources: ['configmaps'],
    resourceNames: ['kittiwake-status'],
    verbs: ['get', 'patch'],
  },
  { apiGroups: [''], resources: ['secrets'], verbs: ['create'] },
  {
    apiGroups: [''],
    resources: ['secrets'],
    resourceNames: ['kittiwake-controller-tls'],
    verbs: ['get', 'update'],
  },
  { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['create'] },
  {
    apiGroups: ['coordination.k8s.io'],
    resources: ['leases'],
    resourceNames: ['kittiwake-controller'],
    verbs: ['get', 'update'],
  },
  { apiGroups: ['events.k8s.io'], resources: ['events'], verbs: ['create'] },
];

/** For the autoscaler: this metric and no other. */
export const METRICS_READER_RULES: readonly k8s.PolicyRule[] = [
  { apiGroups: ['custom.metrics.k8s.io'], resources: [`pods/${CONNECTIONS_METRIC}`], verbs: ['get'] },
  {
    apiGroups: ['custom.metrics.k8s.io'],
    resources: ['metrics'],
    resourceNames: [CONNECTIONS_METRIC],
    verbs: ['get'],
  },
];

/** The bootstrap Job can neither read nor change a Secret. */
export const BOOTSTRAP_RULES: readonly k8s.PolicyRule[] = [
  { apiGroups: [''], resources: ['secrets'], verbs: ['create'] },
  { apiGroups: ['batch'], resources: ['jobs'], verbs: ['list', 'delete'] },
];
