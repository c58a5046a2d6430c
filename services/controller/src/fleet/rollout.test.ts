import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aFleet, aGateway, aPod, aStatus } from '../../test/a-gateway.ts';
import { toAutoscaler } from './autoscaler.ts';
import { toFleet } from './fleet.ts';
import { toGatewayDeployment } from './gateway-deployment.ts';
import { isRollingOut, rolloutOf } from './rollout.ts';
import { isScaleInNear } from './scale-in.ts';
import { toTemplateRevision } from './template-revision.ts';

const old = (name: string) => aGateway(name, { pod: { templateHash: 'old' } });
const oldHeld = (name: string) =>
  aGateway(name, { pod: { templateHash: 'old', state: 'terminating' }, status: { phase: 'held' } });

test('[R29] counts the gateways of the newest template and of older ones', () => {
  const gateways = [
    old('a'),
    oldHeld('b'),
    aGateway('c'),
    aGateway('d', { pod: { state: 'not_ready' } }),
    aGateway('e', { pod: { state: 'terminating' } }),
  ];
  const rollout = rolloutOf(aFleet(gateways, { nowMs: 1 }));
  assert.deepEqual(rollout, {
    newestHash: 'new',
    wanted: 5,
    newestReady: 1,
    newest: 2,
    olderServing: 1,
    older: 2,
  });
  assert.equal(isRollingOut(rollout), true);
});

test('[R29] one template, or none that is known, is no rollout', () => {
  assert.equal(isRollingOut(rolloutOf(aFleet([aGateway('a')]))), false);
  assert.equal(isRollingOut(rolloutOf(aFleet([old('a')], { templates: [] }))), false);
});

test('[R32] a scale-in is near when the autoscaler waits with it or has decided it, or the Deployment wants fewer', () => {
  const gateways = [aGateway('a'), aGateway('b')];
  const autoscaler = { name: 'gateway', currentReplicas: 2, desiredReplicas: 2, isWaitingToScaleIn: false };
  assert.equal(isScaleInNear(aFleet(gateways, { autoscaler })), false);
  assert.equal(
    isScaleInNear(aFleet(gateways, { autoscaler: { ...autoscaler, isWaitingToScaleIn: true } })),
    true,
  );
  assert.equal(isScaleInNear(aFleet(gateways, { autoscaler: { ...autoscaler, desiredReplicas: 1 } })), true);
  const fewer = toGatewayDeployment({ metadata: { name: 'gateway' }, spec: { replicas: 1 } });
  assert.equal(isScaleInNear(aFleet(gateways, { deployment: fewer })), true);
});

test('[R32] during a rollout there are more gateways than are wanted, and nobody is taken away', () => {
  const fewer = toGatewayDeployment({ metadata: { name: 'gateway' }, spec: { replicas: 1 } });
  assert.equal(isScaleInNear(aFleet([aGateway('a'), old('b')], { deployment: fewer })), false);
});

test('[R22] a status that is too old counts as none, and finished pods are not there', () => {
  const sources = {
    nowMs: 20_000,
    statusAgeMaxMs: 10_000,
    deployment: undefined,
    templates: [],
    autoscaler: undefined,
    missed: new Map(),
  };
  const pods = [aPod('b'), aPod('a'), aPod('c', { state: 'finished' })];
  const statuses = new Map([
    ['a', { status: aStatus('a'), atMs: 10_000 }],
    ['b', { status: aStatus('b'), atMs: 9_999 }],
  ]);
  const { gateways } = toFleet({ ...sources, pods, statuses });
  assert.deepEqual(
    gateways.map(({ pod, status }) => [pod.name, status?.sessions]),
    [
      ['a', 100],
      ['b', undefined],
    ],
  );
});

const hpa = (reason: string, status: string, current = 5): unknown => ({
  metadata: { name: 'gateway' },
  spec: { minReplicas: 3 },
  status: {
    currentReplicas: current,
    desiredReplicas: 5,
    conditions: [{ type: 'AbleToScale', status, reason }],
  },
});

test('[R34] reads an autoscaler that waits, and believes no wish below its minimum', () => {
  assert.equal(toAutoscaler(hpa('ScaleDownStabilized', 'True'))?.isWaitingToScaleIn, true);
  assert.equal(toAutoscaler(hpa('ScaleDownLimit', 'True'))?.isWaitingToScaleIn, true);
  assert.equal(toAutoscaler(hpa('ScaleDownStabilized', 'True', 3))?.isWaitingToScaleIn, false);
  assert.equal(toAutoscaler(hpa('ReadyForNewScale', 'True'))?.isWaitingToScaleIn, false);
  assert.equal(toAutoscaler({ metadata: { name: 'x' } })?.isWaitingToScaleIn, false);
});

test('[R28, R34] reads the annotations of the Deployment; a mode that nobody knows is off', () => {
  const read = (annotations: object) => toGatewayDeployment({ metadata: { name: 'gateway', annotations } });
  assert.equal(read({})?.rebalance, 'on');
  assert.equal(read({ 'kittiwake.dev/rebalance': 'dry-run' })?.rebalance, 'dry-run');
  assert.equal(read({ 'kittiwake.dev/rebalance': 'nope' })?.rebalance, 'off');
  assert.equal(
    read({ 'kittiwake.dev/rebalance-now': '2026-01-01T00:00:00Z' })?.rebalanceAskedAtMs,
    Date.UTC(2026, 0),
  );
  assert.equal(read({ 'kittiwake.dev/rebalance-now': 'soon' })?.rebalanceAskedAtMs, undefined);
});

test('[R34] reads a ReplicaSet that a Deployment numbered, and nothing else', () => {
  const labels = { 'pod-template-hash': 'abc' };
  const annotations = { 'deployment.kubernetes.io/revision': '7' };
  assert.deepEqual(toTemplateRevision({ metadata: { name: 'gateway-abc', labels, annotations } }), {
    name: 'gateway-abc',
    hash: 'abc',
    revision: 7,
  });
  assert.equal(toTemplateRevision({ metadata: { name: 'gateway-abc', labels } }), undefined);
  for (const value of [undefined, null, 1, [], {}]) {
    assert.equal(toTemplateRevision(value), undefined);
    assert.equal(toAutoscaler(value), undefined);
    assert.equal(toGatewayDeployment(value), undefined);
  }
});
