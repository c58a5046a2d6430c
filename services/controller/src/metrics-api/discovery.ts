import { type ApiVersion, METRIC } from './metric-values.ts';

const GROUP = 'custom.metrics.k8s.io';
const VERSIONS = [
  { groupVersion: `${GROUP}/v1beta2`, version: 'v1beta2' },
  { groupVersion: `${GROUP}/v1beta1`, version: 'v1beta1' },
] as const;

/** The APIGroup of the custom metrics API; v1beta2 is preferred. */
export function apiGroup(): Readonly<Record<string, unknown>> {
  return {
    kind: 'APIGroup',
    apiVersion: 'v1',
    name: GROUP,
    versions: VERSIONS,
    preferredVersion: VERSIONS[0],
  };
}

/** The list of groups, which holds one. */
export function apiGroupList(): unknown {
  return { kind: 'APIGroupList', apiVersion: 'v1', groups: [apiGroup()] };
}

/** What one version serves: the metric of pods, and its sum over a namespace. */
export function apiResourceList(version: ApiVersion): unknown {
  const resource = (name: string, namespaced: boolean): unknown => ({
    name,
    singularName: '',
    namespaced,
    kind: 'MetricValueList',
    verbs: ['get'],
  });
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: `${GROUP}/${version}`,
    resources: [resource(`pods/${METRIC}`, true), resource(`namespaces/${METRIC}`, false)],
  };
}
