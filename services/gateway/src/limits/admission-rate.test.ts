import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  type AdmissionRate,
  type AdmissionReading,
  coldRate,
  expectedPerSecond,
  fullRate,
  nextRate,
} from './admission-rate.ts';

const BOUNDS = { perSecondMin: 50, perSecondMax: 500 };
const CALM: AdmissionReading = { elapsedMs: 100, lagMs: 2, brokerReady: true };

/** The rate after each reading of a trace, rounded. */
function trace(readings: readonly AdmissionReading[], from: AdmissionRate = fullRate(BOUNDS)): number[] {
  let rate = from;
  return readings.map(reading => {
    rate = nextRate(rate, reading, BOUNDS);
    return Math.round(rate.perSecond);
  });
}

const times = (count: number, reading: Partial<AdmissionReading>): AdmissionReading[] =>
  Array.from({ length: count }, () => ({ ...CALM, ...reading }));

test('[L6] a gateway that is well lets in as many as it may', () => {
  assert.deepEqual(trace(times(3, {})), [500, 500, 500]);
});

test('[L6] a late event loop halves the rate, and what was let in before is worked off first', () => {
  assert.deepEqual(
    trace(times(12, { lagMs: 150 })),
    [250, 250, 250, 250, 250, 125, 125, 125, 125, 125, 63, 63],
  );
});

test('[L6] the rate never falls below its floor', () => {
  assert.equal(trace(times(100, { lagMs: 5_000 })).at(-1), 50);
});

test('[L6] a lag between calm and high changes nothing', () => {
  assert.deepEqual(
    trace(times(5, { lagMs: 70 }), { perSecond: 200, limitedBy: 'rate', settlesForMs: 0 }),
    [200, 200, 200, 200, 200],
  );
});

test('[L6] the rate rises by a tenth of the maximum in a second, after it has settled', () => {
  const fallen = { perSecond: 100, limitedBy: 'event_loop', settlesForMs: 500 } as const;
  assert.deepEqual(trace(times(10, {}), fallen), [100, 100, 100, 100, 105, 110, 115, 120, 125, 130]);
  assert.equal(trace(times(100, {}), fallen).at(-1), 500);
});

test('[L6] a broker that is down brings the rate to its floor, and it rises again by itself', () => {
  const down = trace(times(40, { brokerReady: false }));
  assert.deepEqual([down[0], down.at(-1)], [250, 50]);
  assert.equal(trace([...times(40, { brokerReady: false }), ...times(100, {})]).at(-1), 500);
});

test('[L6] the rate says what it is limited by, until it is whole again', () => {
  const fell = nextRate(fullRate(BOUNDS), { ...CALM, lagMs: 150 }, BOUNDS);
  const down = nextRate({ ...fell, settlesForMs: 0 }, { ...CALM, brokerReady: false }, BOUNDS);
  assert.deepEqual([fell.limitedBy, down.limitedBy], ['event_loop', 'broker']);
  const rising = nextRate({ ...down, settlesForMs: 0 }, CALM, BOUNDS);
  assert.equal(rising.limitedBy, 'broker');
  const whole = nextRate({ ...rising, perSecond: 499 }, CALM, BOUNDS);
  assert.deepEqual([whole.perSecond, whole.limitedBy], [500, 'rate']);
});

test('[L6] a storm that a gateway can only half stand ends at the half that it can stand', () => {
  // The lag of this gateway follows what it lets in: 300 a second are no trouble, each one more is 1 ms of lag.
  let rate = fullRate(BOUNDS);
  const rates = Array.from({ length: 600 }, () => {
    rate = nextRate(rate, { ...CALM, lagMs: Math.max(0, rate.perSecond - 300) }, BOUNDS);
    return rate.perSecond;
  });
  const later = rates.slice(100);
  assert.ok(later.every(perSecond => perSecond >= 150 && perSecond <= 410));
  const mean = later.reduce((sum, perSecond) => sum + perSecond, 0) / later.length;
  assert.ok(mean > 250, `${mean} on average`);
});

test('[L6] two gateways on one machine come to equal shares, wherever they began', () => {
  // Together they can stand 600 a second.
  let rates = [500, 100].map(
    (perSecond): AdmissionRate => ({ perSecond, limitedBy: 'rate', settlesForMs: 0 }),
  );
  for (let tick = 0; tick < 2_000; tick += 1) {
    const lagMs = rates.reduce((sum, { perSecond }) => sum + perSecond, 0) > 600 ? 200 : 0;
    rates = rates.map(rate => nextRate(rate, { ...CALM, lagMs }, BOUNDS));
  }
  const [one = 0, other = 0] = rates.map(({ perSecond }) => perSecond);
  assert.ok(Math.abs(one - other) < 50, `${one} and ${other}`);
});

test('[L6] whatever is felt, the rate stays within its bounds', () => {
  const reading = fc.record({
    elapsedMs: fc.integer({ min: 0, max: 60_000 }),
    lagMs: fc.integer({ min: 0, max: 60_000 }),
    brokerReady: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(reading, { maxLength: 200 }), readings => {
      for (const perSecond of trace(readings)) assert.ok(perSecond >= 50 && perSecond <= 500);
    }),
  );
});

test('[L6] a gateway begins with a quarter of its rate, never below the floor, and rises to all of it', () => {
  assert.deepEqual(coldRate(BOUNDS), { perSecond: 125, limitedBy: 'start', settlesForMs: 0 });
  assert.equal(coldRate({ perSecondMin: 80, perSecondMax: 200 }).perSecond, 80);
  const rates = trace(times(80, {}), coldRate(BOUNDS));
  assert.deepEqual([rates[0], rates[9], rates[14], rates.at(-1)], [150, 375, 500, 500]);
});

test('[L6] what is expected of a rate is what becomes of it where nothing speaks against it', () => {
  let rate = coldRate(BOUNDS);
  const start = rate;
  for (let tick = 1; tick <= 100; tick += 1) {
    rate = nextRate(rate, CALM, BOUNDS);
    assert.ok(Math.abs(rate.perSecond - expectedPerSecond(start, BOUNDS, tick * 100)) < 1e-6);
  }
  assert.equal(expectedPerSecond(start, BOUNDS, -1), 125);
});
