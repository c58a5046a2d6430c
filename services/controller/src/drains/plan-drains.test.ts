import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aFleet, aGateway } from '../../test/a-gateway.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { type DrainMemory, planDrains } from './plan-drains.ts';

const RULES = { acceptPerSecond: 100, stallMs: 30_000 };
const fresh = (name: string) => aGateway(name);
const starting = (name: string) => aGateway(name, { pod: { state: 'not_ready' }, status: null });
const old = (name: string) => aGateway(name, { pod: { templateHash: 'old' } });
const oldHeld = (name: string) =>
  aGateway(name, { pod: { templateHash: 'old', state: 'terminating' }, status: { phase: 'held' } });
const held = (name: string) => aGateway(name, { pod: { state: 'terminating' }, status: { phase: 'held' } });

/** Who is told to drain, why and how fast, in words. */
function ordersOf(fleet: Fleet, memory: DrainMemory = undefined): readonly string[] {
  return planDrains(memory, fleet, RULES).orders.map(
    ({ gateway, why, perSecond }) => `${gateway.pod.name} ${why} ${perSecond}`,
  );
}
const wanting = (replicas: number): Pick<Fleet, 'deployment'> => ({
  deployment: {
    uid: 'deployment',
    name: 'gateway',
    replicas,
    rebalance: 'on',
    rebalanceAskedAtMs: undefined,
  },
});

test('[R29] where nothing stops nothing is done', () => {
  assert.deepEqual(ordersOf(aFleet([fresh('a'), fresh('b')])), []);
});

test('[R29] during a rollout old gateways wait until all new ones are ready', () => {
  const waiting = [oldHeld('a'), oldHeld('b'), fresh('c'), starting('d')];
  assert.deepEqual(ordersOf(aFleet(waiting, wanting(2))), []);
  const ready = [oldHeld('a'), oldHeld('b'), fresh('c'), fresh('d')];
  assert.deepEqual(ordersOf(aFleet(ready, wanting(2))), ['a rolled_out 110', 'b rolled_out 90']);
});

test('[R29] they wait as well while an old one still takes clients: a client would move to it, and again', () => {
  const gateways = [oldHeld('a'), old('b'), fresh('c'), fresh('d')];
  assert.deepEqual(ordersOf(aFleet(gateways, wanting(2))), []);
});

test('[R29] the last old one was deleted a moment ago: balancers may send it clients until it is told to stop', () => {
  const deleted = aGateway('b', { pod: { templateHash: 'old', state: 'terminating' } });
  const gateways = [oldHeld('a'), deleted, fresh('c'), fresh('d')];
  assert.deepEqual(ordersOf(aFleet(gateways, wanting(2))), []);
  const silent = aGateway('b', { pod: { templateHash: 'old', state: 'terminating' }, status: null });
  const gone = [oldHeld('a'), silent, fresh('c'), fresh('d')];
  assert.deepEqual(ordersOf(aFleet(gone, wanting(2))), ['a rolled_out 200']);
});

test('[R29] a rollout that stands still keeps nobody for ever, and going on starts the wait anew', () => {
  const stuck = (nowMs: number): Fleet =>
    aFleet([oldHeld('a'), fresh('b'), starting('c')], { ...wanting(2), nowMs });
  const { memory } = planDrains(undefined, stuck(0), RULES);
  assert.deepEqual(ordersOf(stuck(29_999), memory), []);
  assert.deepEqual(ordersOf(stuck(30_000), memory), ['a stalled 100']);
  const on = aFleet([oldHeld('a'), fresh('b'), fresh('c'), starting('d')], { ...wanting(3), nowMs: 30_000 });
  assert.deepEqual(ordersOf(on, memory), []);
});

test('[R29] a second rollout on top of the first: gateways of both older templates wait for the newest', () => {
  const templates = ['old', 'new', 'newest'].map((hash, index) => ({
    name: hash,
    hash,
    revision: index + 1,
  }));
  const newest = (name: string) => aGateway(name, { pod: { templateHash: 'newest' } });
  const half = [oldHeld('a'), held('b'), newest('c'), starting('d')];
  assert.deepEqual(ordersOf(aFleet(half, { ...wanting(2), templates })), []);
  const whole = [oldHeld('a'), held('b'), newest('c'), newest('d')];
  assert.deepEqual(ordersOf(aFleet(whole, { ...wanting(2), templates })), [
    'a rolled_out 110',
    'b rolled_out 90',
  ]);
});

test('[R29] a rollback: the old template is the newest again, and held gateways of it wait like the others', () => {
  const templates = [
    { name: 'gateway-new', hash: 'new', revision: 2 },
    { name: 'gateway-old', hash: 'old', revision: 3 },
  ];
  const gateways = [oldHeld('a'), fresh('b'), old('c')];
  assert.deepEqual(ordersOf(aFleet(gateways, { ...wanting(2), templates })), []);
});

test('[R29] a gateway that is scaled in, or whose node is drained, goes at once', () => {
  assert.deepEqual(ordersOf(aFleet([fresh('a'), fresh('b'), held('c')], wanting(2))), ['c leaving 200']);
  assert.deepEqual(ordersOf(aFleet([fresh('a'), starting('b'), held('c')], wanting(2))), ['c leaving 100']);
});

test('[R29] where no template is known nobody is kept', () => {
  assert.deepEqual(ordersOf(aFleet([fresh('a'), oldHeld('b')], { templates: [], deployment: undefined })), [
    'b leaving 100',
  ]);
});

test('[R29] nobody goes while nobody stays', () => {
  assert.deepEqual(ordersOf(aFleet([held('a'), starting('b')])), []);
  assert.deepEqual(ordersOf(aFleet([aGateway('a', { pod: { drainAskedAt: 'now' } })])), []);
});

test('[R31] those that are told together are not empty at once, and hand over as much as the others take', () => {
  const names = ['a', 'b', 'c', 'd', 'e'];
  const fleet = aFleet([...names.map(oldHeld), ...names.map(name => fresh(`new-${name}`))], wanting(5));
  const rates = planDrains(undefined, fleet, RULES).orders.map(({ perSecond }) => perSecond);
  assert.deepEqual(rates, [110, 105, 100, 95, 90]);
});

test('[R31] those that drain already share what the others take', () => {
  const draining = aGateway('d', { pod: { state: 'terminating' }, status: { phase: 'draining' } });
  assert.deepEqual(ordersOf(aFleet([fresh('a'), fresh('b'), held('c'), draining], wanting(2))), [
    'c leaving 100',
  ]);
});

test('[R31] those that were told to stop a moment later count already', () => {
  const stopping = aGateway('d', { pod: { state: 'terminating' } });
  const gateways = [fresh('a'), fresh('b'), held('c'), stopping];
  assert.deepEqual(ordersOf(aFleet(gateways, wanting(2))), ['c leaving 100']);
});

test('[R31] those that have no sessions left, or are gone, do not count', () => {
  const empty = aGateway('d', { pod: { state: 'terminating' }, status: { phase: 'draining', sessions: 0 } });
  const gone = aGateway('e', { pod: { state: 'terminating' }, status: null });
  assert.deepEqual(ordersOf(aFleet([fresh('a'), fresh('b'), held('c'), empty, gone], wanting(2))), [
    'c leaving 200',
  ]);
});

test('[R30] the annotation drains a gateway that serves or waits, and none twice', () => {
  const asked = (phase: 'serving' | 'held' | 'draining' | 'drained') =>
    aGateway('a', { pod: { drainAskedAt: '2026-01-01T00:00:00Z' }, status: { phase } });
  const told = (phase: Parameters<typeof asked>[0]) => ordersOf(aFleet([asked(phase), fresh('b')]));
  assert.deepEqual(told('serving'), ['a asked 100']);
  assert.deepEqual(told('held'), ['a asked 100']);
  assert.deepEqual(told('draining'), []);
  assert.deepEqual(told('drained'), []);
});

test('[R30] a gateway that has not answered lately is not told', () => {
  const silent = aGateway('a', { pod: { drainAskedAt: 'now' }, status: null });
  assert.deepEqual(ordersOf(aFleet([silent, fresh('b')])), []);
});
