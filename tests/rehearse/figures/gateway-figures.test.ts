import assert from 'node:assert/strict';
import { test } from 'node:test';
import { follow, type GatewayLife, type GatewayPod, isServing, newLife } from '../cluster/gateway-pod.ts';
import type { Census } from '../cluster/gateway-watch.ts';
import { endedByItself, evenAfterMs, notTheEmptiest, spreadOf, strainFigures } from './gateway-figures.ts';

const census = (atMs: number, sessions: { readonly [name: string]: number }): Census => ({
  atMs,
  readings: Object.entries(sessions).map(([name, count]) => {
    return { name, isServing: true, sessions: count, lagMs: count / 10, memoryMiB: 100, samples: new Map() };
  }),
});

const pod = (more: Partial<GatewayPod['metadata']> = {}, exitCode?: number): GatewayPod => ({
  metadata: { name: 'g1', uid: 'u1', labels: { 'pod-template-hash': 'h' }, ...more },
  spec: { nodeName: 'node-1' },
  status: {
    conditions: [{ type: 'Ready', status: 'True' }],
    containerStatuses: [
      { restartCount: 0, ...(exitCode !== undefined && { state: { terminated: { exitCode } } }) },
    ],
  },
});

/** A gateway that was asked to go at 10 s with 30 s of grace. */
function leaving(goneMs: number, exitCode: number | undefined, sessions = 7): GatewayLife {
  const life = newLife(pod(), 1_000);
  follow(life, pod(), 1_000);
  life.sessions = sessions;
  follow(life, pod({ deletionTimestamp: 'x', deletionGracePeriodSeconds: 30 }), 10_000);
  follow(life, pod({ deletionTimestamp: 'x', deletionGracePeriodSeconds: 30 }, exitCode), 20_000);
  life.goneMs = goneMs;
  return life;
}

test('[V3] a spread is the distance of the farthest from the mean, as a share of it', () => {
  assert.equal(spreadOf([100, 100, 100]), 0);
  assert.equal(spreadOf([200, 100, 0]), 1);
  assert.equal(spreadOf([]), 0);
  assert.equal(spreadOf([0, 0]), 0);
});

test('[V3] it is even once as many gateways as there should be are within the share', () => {
  const censuses = [
    census(1_000, { a: 100, b: 100 }),
    census(2_000, { a: 100, b: 100, c: 10 }),
    census(3_000, { a: 72, b: 70, c: 68 }),
  ];
  assert.equal(evenAfterMs(censuses, { fromMs: 500, gateways: 3, share: 0.1 }), 2_500);
  assert.equal(evenAfterMs(censuses, { fromMs: 500, gateways: 4, share: 0.1 }), undefined);
});

test('[V3] whoever goes should have no more than a share above the emptiest that stays', () => {
  const stays = { ...newLife(pod({ name: 'g2', uid: 'u2' }), 0) };
  const censuses = [census(9_000, { g1: 100, g2: 100 })];
  const chosen = (sessions: number): number =>
    notTheEmptiest([leaving(15_000, 0, sessions)], [stays], { censuses, play: 0.1 }).length;
  assert.deepEqual([chosen(10), chosen(111), chosen(112)], [0, 0, 1]);
});

test('[V3] a pod that ended by itself exits with nought, before its grace period is over', () => {
  assert.ok(endedByItself(leaving(25_000, 0)));
  assert.ok(endedByItself(leaving(25_000, undefined)));
  assert.ok(!endedByItself(leaving(25_000, 137)));
  assert.ok(!endedByItself(leaving(41_000, 0)));
});

test('[V3] a life follows its pod: ready, asked to go with its sessions of that moment, gone', () => {
  const life = leaving(25_000, 0);
  const { readyMs, terminatingMs, sessionsAtEnd, graceSeconds, exitCode, node } = life;
  assert.deepEqual(
    [readyMs, terminatingMs, sessionsAtEnd, graceSeconds, exitCode, node],
    [1_000, 10_000, 7, 30, 0, 'node-1'],
  );
  assert.ok(!isServing(life));
});

test('[V3] strain is the worst of the readings within the spans', () => {
  const censuses = [census(1_000, { a: 500 }), census(2_000, { a: 100 }), census(9_000, { a: 900 })];
  const [lag] = strainFigures(censuses, [{ fromMs: 1_500, toMs: 3_000 }], { lagMs: 200 });
  assert.deepEqual([lag?.value, lag?.atMost], [10, 200]);
});
