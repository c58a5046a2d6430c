import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aPod } from '../../test/a-gateway.ts';
import type { GatewayPod, GatewayState } from '../gateways/gateway-pod.ts';
import { namespaceValue, podValue, podValues, type Snapshot } from './metric-values.ts';

const pod = (name: string, state: GatewayState = 'ready'): GatewayPod =>
  aPod(name, {
    uid: `uid-${name}`,
    labels: new Map([['app', name === 'other' ? 'other' : 'gateway']]),
    state,
  });

function snapshot(
  pods: readonly GatewayPod[],
  values: Readonly<Record<string, number>>,
  ageMs = 0,
): Snapshot {
  return {
    gateways: new Map(pods.map(gateway => [gateway.uid, gateway])),
    samples: new Map(
      Object.entries(values).map(([name, value]) => [
        `uid-${name}`,
        { value, atMs: 100_000 - ageMs, wallAtMs: Date.UTC(2026, 0, 1) },
      ]),
    ),
    nowMs: 100_000,
  };
}

const ALL = { namespace: 'kittiwake', selector: [], version: 'v1beta2' } as const;
const names = (values: readonly unknown[]) =>
  values.map(value => (value as { describedObject: { name: string } }).describedObject.name);

test('[R21] a value as the autoscaler reads it', () => {
  assert.deepEqual(podValues(snapshot([pod('a')], { a: 12 }), ALL), [
    {
      describedObject: { kind: 'Pod', namespace: 'kittiwake', name: 'a', apiVersion: '/v1' },
      metric: { name: 'kittiwake_connections_active' },
      timestamp: '2026-01-01T00:00:00Z',
      value: '12',
    },
  ]);
});

test('[R21] v1beta1 names the metric in another member', () => {
  const [value] = podValues(snapshot([pod('a')], { a: 12 }), { ...ALL, version: 'v1beta1' });
  assert.equal(value?.['metricName'], 'kittiwake_connections_active');
  assert.equal(value?.['metric'], undefined);
});

test('[R13] only ready gateways of that namespace are reported', () => {
  const pods = [pod('b'), pod('a'), pod('c', 'terminating'), pod('d', 'not_ready'), pod('e', 'finished')];
  const seen = snapshot(pods, { a: 1, b: 2, c: 3, d: 4, e: 5 });
  assert.deepEqual(names(podValues(seen, ALL)), ['a', 'b']);
  assert.deepEqual(podValues(seen, { ...ALL, namespace: 'elsewhere' }), []);
});

test('[R12] a value older than 30 s is left out', () => {
  assert.equal(podValues(snapshot([pod('a')], { a: 1 }, 30_000), ALL).length, 1);
  assert.equal(podValues(snapshot([pod('a')], { a: 1 }, 30_001), ALL).length, 0);
});

test('[R13] one pod that has no value says why', () => {
  const seen = snapshot([pod('a'), pod('b', 'terminating')], {});
  const why = (name: string) => {
    const value = podValue(seen, { namespace: 'kittiwake', name }, 'v1beta2');
    return value.ok ? undefined : value.error;
  };
  assert.equal(why('a'), 'gateway a has no fresh value');
  assert.equal(why('b'), 'gateway b is terminating');
  assert.equal(why('c'), 'pod c is not a gateway');
});

test('[R14] the namespace metric is the sum, or nothing where one gateway is unknown', () => {
  const whole = namespaceValue(snapshot([pod('a'), pod('b')], { a: 1, b: 2 }), 'kittiwake', 'v1beta2');
  assert.equal(whole.ok && whole.value['value'], '3');
  const partial = namespaceValue(snapshot([pod('a'), pod('b')], { a: 1 }), 'kittiwake', 'v1beta2');
  assert.equal(partial.ok, false);
});
