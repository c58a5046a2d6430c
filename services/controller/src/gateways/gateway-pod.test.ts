import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toGatewayPod } from './gateway-pod.ts';

const pod = (metadata: object, status: object) =>
  toGatewayPod({ metadata: { uid: 'u', name: 'n', namespace: 's', ...metadata }, status });
const READY = { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] };

const CASES = [
  ['ready', {}, READY],
  ['not_ready', {}, { phase: 'Running', conditions: [{ type: 'Ready', status: 'False' }] }],
  ['not_ready', {}, {}],
  ['terminating', { deletionTimestamp: '2026-01-01T00:00:00Z' }, READY],
  ['finished', { deletionTimestamp: '2026-01-01T00:00:00Z' }, { phase: 'Failed' }],
] as const;
for (const [state, metadata, status] of CASES) {
  test(`[R13] ${JSON.stringify({ ...metadata, ...status })} is ${state}`, () => {
    assert.equal(pod(metadata, status)?.state, state);
  });
}

test('[R13] what is no pod is nothing', () => {
  for (const value of [undefined, null, 'x', [], {}, { metadata: { uid: 1 } }])
    assert.equal(toGatewayPod(value), undefined);
});

test('[R30, R32] reads what the controller and people write on a pod', () => {
  const annotations = {
    'kittiwake.dev/drain': '2026-01-01T00:00:00Z',
    'controller.kubernetes.io/pod-deletion-cost': '-7',
  };
  const read = pod({ annotations, labels: { 'pod-template-hash': 'abc' } }, READY);
  assert.deepEqual(
    [read?.drainAskedAt, read?.deletionCost, read?.templateHash],
    ['2026-01-01T00:00:00Z', -7, 'abc'],
  );
  const broken = pod({ annotations: { 'controller.kubernetes.io/pod-deletion-cost': 'cheap' } }, READY);
  assert.equal(broken?.deletionCost, undefined);
});

test('[R35] a gateway is in service unless the label says that it is not', () => {
  const labelled = (value?: string): boolean | undefined =>
    pod({ labels: value === undefined ? {} : { 'kittiwake.dev/in-service': value } }, READY)?.isEjected;
  assert.deepEqual([labelled(), labelled('true'), labelled('false')], [false, false, true]);
});
