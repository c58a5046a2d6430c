import { err, ok, type Result } from '@kittiwake/base';
import { type LabelSelector, matches } from '../decode/label-selector.ts';
import type { GatewayPod } from '../gateways/gateway-pod.ts';
import type { Sample } from '../gateways/scraper.ts';

/** The one metric served; gateways export it under the same name. */
export const METRIC = 'kittiwake_connections_active';

/** [R12] An older value is left out: an autoscaler treats a missing pod with caution, but believes a wrong number. */
export const SAMPLE_AGE_MAX_MS = 30_000;

/** What the answers are made from. */
export type Snapshot = {
  readonly gateways: ReadonlyMap<string, GatewayPod>;
  readonly samples: ReadonlyMap<string, Sample>;
  readonly nowMs: number;
};

/** Group versions that are served; they differ in the shape of one member. */
export type ApiVersion = 'v1beta1' | 'v1beta2';

/** One value of a MetricValueList (custom.metrics.k8s.io/v1beta1 and v1beta2 types.go). */
export type MetricValue = Readonly<Record<string, unknown>>;

/** Which pods' values are asked for. */
export type PodsQuery = {
  readonly namespace: string;
  readonly selector: LabelSelector;
  readonly version: ApiVersion;
};

/** Values of the ready gateways that match, in the order of their names. [R13] Others are not reported, see README. */
export function podValues(snapshot: Snapshot, query: PodsQuery): readonly MetricValue[] {
  const { namespace, selector, version } = query;
  return fresh(snapshot, namespace)
    .filter(({ pod }) => matches(selector, pod.labels))
    .map(({ pod, sample }) => toValue({ kind: 'Pod', namespace, name: pod.name }, sample, version));
}

/** The value of one pod; an error says why there is none. */
export function podValue(
  snapshot: Snapshot,
  pod: { readonly namespace: string; readonly name: string },
  version: ApiVersion,
): Result<MetricValue, string> {
  const found = fresh(snapshot, pod.namespace).find(candidate => candidate.pod.name === pod.name);
  if (found !== undefined) return ok(toValue({ kind: 'Pod', ...pod }, found.sample, version));
  const known = [...snapshot.gateways.values()].find(
    candidate => candidate.name === pod.name && candidate.namespace === pod.namespace,
  );
  if (known === undefined) return err(`pod ${pod.name} is not a gateway`);
  return err(
    known.state === 'ready'
      ? `gateway ${pod.name} has no fresh value`
      : `gateway ${pod.name} is ${known.state}`,
  );
}

/** The sum over a namespace. [R14] One ready gateway without a fresh value makes it unknown: a sum that is too low would scale in. */
export function namespaceValue(
  snapshot: Snapshot,
  namespace: string,
  version: ApiVersion,
): Result<MetricValue, string> {
  const ready = readyIn(snapshot, namespace);
  const values = fresh(snapshot, namespace);
  if (ready.length === 0) return err(`no ready gateway in namespace ${namespace}`);
  if (values.length < ready.length)
    return err(`${ready.length - values.length} of ${ready.length} gateways have no fresh value`);
  const sum = values.reduce((total, { sample }) => total + sample.value, 0);
  const wallAtMs = Math.min(...values.map(({ sample }) => sample.wallAtMs));
  return ok(toValue({ kind: 'Namespace', name: namespace }, { value: sum, atMs: 0, wallAtMs }, version));
}

/** A MetricValueList of these values. */
export function toList(version: ApiVersion, items: readonly MetricValue[]): unknown {
  return { kind: 'MetricValueList', apiVersion: `custom.metrics.k8s.io/${version}`, metadata: {}, items };
}

function fresh(
  snapshot: Snapshot,
  namespace: string,
): readonly { readonly pod: GatewayPod; readonly sample: Sample }[] {
  return readyIn(snapshot, namespace).flatMap(pod => {
    const sample = snapshot.samples.get(pod.uid);
    return sample !== undefined && snapshot.nowMs - sample.atMs <= SAMPLE_AGE_MAX_MS ? [{ pod, sample }] : [];
  });
}

function readyIn(snapshot: Snapshot, namespace: string): readonly GatewayPod[] {
  return [...snapshot.gateways.values()]
    .filter(pod => pod.state === 'ready' && pod.namespace === namespace)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

type DescribedObject = {
  readonly kind: 'Pod' | 'Namespace';
  readonly name: string;
  readonly namespace?: string;
};

function toValue(describedObject: DescribedObject, sample: Sample, version: ApiVersion): MetricValue {
  const name = version === 'v1beta1' ? { metricName: METRIC } : { metric: { name: METRIC } };
  const timestamp = `${new Date(sample.wallAtMs).toISOString().slice(0, 19)}Z`;
  // A quantity. Connections are whole; a fraction would come from a foreign exporter and is rounded up.
  return {
    describedObject: { ...describedObject, apiVersion: '/v1' },
    ...name,
    timestamp,
    value: String(Math.ceil(sample.value)),
  };
}
