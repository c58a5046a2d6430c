import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { aFleet, aGateway } from '../../test/a-gateway.ts';
import type { Gateway } from '../fleet/fleet.ts';
import { isSuspicious, MISSED_MAX, planEjections } from './plan-ejections.ts';

/** A gateway that did not answer so many looks, which Kubernetes takes for ready. */
const silent = (name: string, missed = MISSED_MAX, isEjected = false): Gateway => ({
  ...aGateway(name, { pod: { isEjected }, status: null }),
  missed,
});
const ejected = (name: string): Gateway => aGateway(name, { pod: { isEjected: true } });
const plan = (...gateways: readonly Gateway[]): readonly string[] =>
  planEjections(aFleet(gateways)).map(({ do: what, gateway }) => `${what} ${gateway.pod.name}`);

test('[R35] who answers is left alone, and so is who missed a look or two', () => {
  assert.deepEqual(plan(aGateway('a'), aGateway('b'), silent('c', MISSED_MAX - 1)), []);
});

test('[R35] who is silent is taken out once, and put back when it answers', () => {
  assert.deepEqual(plan(aGateway('a'), aGateway('b'), silent('c')), ['eject c']);
  assert.deepEqual(plan(aGateway('a'), aGateway('b'), silent('c', 9, true)), []);
  assert.deepEqual(plan(aGateway('a'), aGateway('b'), ejected('c')), ['return c']);
});

test('[R35] where all are silent, or the only one is, nobody is taken out: it may be us', () => {
  assert.deepEqual(plan(silent('a'), silent('b'), silent('c')), []);
  assert.deepEqual(plan(silent('a')), []);
});

test('[R35] at most half are out, those first that were silent longest', () => {
  assert.deepEqual(plan(aGateway('a'), silent('b')), ['eject b']);
  assert.deepEqual(plan(aGateway('a'), silent('b', 3), silent('c', 8)), ['eject c']);
  assert.deepEqual(plan(aGateway('a'), silent('b', 3), silent('c', 9, true)), []);
});

test('[R35] who is not ready is nobody that clients are sent to', () => {
  for (const state of ['not_ready', 'terminating'] as const) {
    const gone: Gateway = { ...aGateway('c', { pod: { state }, status: null }), missed: 9 };
    assert.deepEqual(plan(aGateway('a'), aGateway('b'), gone), []);
  }
});

test('[R35] every second counts from the first look in vain on, but not for ever', () => {
  assert.equal(isSuspicious(aFleet([aGateway('a')])), false);
  assert.equal(isSuspicious(aFleet([aGateway('a'), silent('b', 1)])), true);
  assert.equal(isSuspicious(aFleet([aGateway('a'), silent('b', 1_000, true)])), false);
});

test('[R35] whatever is seen, half are in service, and somebody who answers is', () => {
  const some = fc.record({ missed: fc.integer({ min: 0, max: 6 }), isEjected: fc.boolean() });
  fc.assert(
    fc.property(fc.array(some, { minLength: 1, maxLength: 12 }), seen => {
      const gateways = seen.map(({ missed, isEjected }, n) =>
        missed === 0 ? aGateway(`g${n}`, { pod: { isEjected } }) : silent(`g${n}`, missed, isEjected),
      );
      const steps = planEjections(aFleet(gateways));
      if (!steps.some(step => step.do === 'eject')) return;
      const outBefore = gateways.filter(({ pod }) => pod.isEjected).length;
      const change = steps.reduce((sum, step) => sum + (step.do === 'eject' ? 1 : -1), 0);
      assert.ok(outBefore + change <= gateways.length / 2);
      assert.ok(gateways.some(({ pod, missed }) => !pod.isEjected && missed === 0));
    }),
  );
});
