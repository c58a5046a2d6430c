import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Clock } from '@kittiwake/base';
import { createFakeClock, createSeededRandom, type FakeClock } from '@kittiwake/testkit';
import { Admission, type AdmissionParts, type Lane } from './admission.ts';
import { coldRate, fullRate } from './admission-rate.ts';
import { obedient, passage, peakPerSecond, plain, type Visitor } from './test/crowd.ts';

const BOUNDS = { perSecondMin: 50, perSecondMax: 500 };

function admissionOf(clock: Clock, over: Partial<AdmissionParts> = {}): Admission {
  const random = createSeededRandom(1);
  return new Admission({
    clock,
    random,
    bounds: BOUNDS,
    rate: fullRate(BOUNDS),
    burst: 250,
    retryAfterMaxMs: 20_000,
    ...over,
  });
}

/** How many of `count` are let in at this moment. */
function letIn(admission: Admission, lane: Lane, count: number): number {
  return Array.from({ length: count }, () => admission.ask(lane)).filter(Boolean).length;
}

/** How many are let in within `seconds` where so many come every 10 ms, in turns. */
function throughput(admission: Admission, clock: FakeClock, lanes: readonly Lane[]): Record<Lane, number> {
  const admitted = { resume: 0, new: 0 };
  for (let tick = 0; tick < 1_000; tick += 1) {
    clock.advance(10);
    for (const lane of lanes) admitted[lane] += letIn(admission, lane, 20);
  }
  return admitted;
}

test('[L6] a burst may come at once, and then no more than the rate', () => {
  const clock = createFakeClock();
  const admission = admissionOf(clock);
  const first = letIn(admission, 'new', 1_000);
  assert.ok(first > 100 && first <= 250, `${first} at once`);
  const { new: later } = throughput(admission, clock, ['new']);
  assert.ok(later > 4_950 && later <= 5_050, `${later} in ten seconds at 500 a second`);
});

test('[L6] a gateway that has just started lets a quarter in, and all after a while in which it was well', () => {
  const clock = createFakeClock();
  const admission = admissionOf(clock, { rate: coldRate(BOUNDS) });
  assert.equal(letIn(admission, 'resume', 1_000) + letIn(admission, 'new', 1_000), 62);
  assert.deepEqual([admission.perSecond, admission.limitedBy], [125, 'start']);
  for (let tick = 0; tick < 80; tick += 1) {
    clock.advance(100);
    admission.feel({ elapsedMs: 100, lagMs: 2, brokerReady: true });
  }
  assert.deepEqual([admission.perSecond, admission.limitedBy], [500, 'rate']);
});

test('[L6] places are given out by the rate that is to be expected then', () => {
  const admission = admissionOf(createFakeClock(), {
    rate: { ...coldRate(BOUNDS), limitedBy: 'event_loop', perSecond: 50 },
  });
  const told = Array.from({ length: 1_000 }, () => admission.tell('resume'));
  // 50 a second, and 50 more with each second: 1,000 in 5.4 s; at 50 a second it would be 20 s.
  const lastMs = Math.max(...told.slice(-100)) / 1.2;
  assert.ok(lastMs > 5_000 && lastMs < 7_000, `${lastMs} ms`);
});

test('[L6] in no second more come than rate and burst, whoever comes', () => {
  const visitors = Array.from({ length: 3_000 }, (_, n) => obedient(n % 2 === 0 ? 'resume' : 'new'));
  const peak = peakPerSecond(passage(visitors, clock => [admissionOf(clock)], createSeededRandom(3)));
  assert.ok(peak <= 750, `${peak} in a second`);
});

test('[L7] resumes go first, and new sessions keep their fifth', () => {
  const clock = createFakeClock();
  const admission = admissionOf(clock);
  letIn(admission, 'resume', 1_000);
  letIn(admission, 'new', 1_000);
  const { resume, new: others } = throughput(admission, clock, ['new', 'resume']);
  assert.ok(Math.abs(resume - 4_000) < 50, `${resume} resumes`);
  assert.ok(Math.abs(others - 1_000) < 50, `${others} others`);
});

test('[L7] what one lane does not need the other one gets', () => {
  for (const lane of ['resume', 'new'] as const) {
    const clock = createFakeClock();
    const admission = admissionOf(clock);
    letIn(admission, lane, 1_000);
    const admitted = throughput(admission, clock, [lane])[lane];
    assert.ok(admitted > 4_950, `${admitted} of lane ${lane} in ten seconds at 500 a second`);
  }
});

test('[L7] liars take nothing from the fifth of those who come anew', () => {
  const honest = Array.from({ length: 200 }, () => obedient('new'));
  const liars = Array.from({ length: 2_800 }, (): Visitor => ({ lane: 'resume', again: () => 100 }));
  const { admitted } = passage([...honest, ...liars], clock => [admissionOf(clock)], createSeededRandom(4));
  const last = admitted.findLast(({ lane }) => lane === 'new')?.atMs ?? Number.POSITIVE_INFINITY;
  assert.ok(last < 5_000, `the last honest one is in after ${last} ms`);
});

test('[L6] a crowd that obeys comes back at the rate, and knocks about twice', () => {
  const visitors = Array.from({ length: 4_000 }, () => obedient('resume'));
  const { admitted, attempts } = passage(visitors, clock => [admissionOf(clock)], createSeededRandom(5));
  assert.equal(admitted.length, 4_000);
  const lastMs = admitted.at(-1)?.atMs ?? 0;
  assert.ok(lastMs < 1.25 * 8_000, `all are back after ${lastMs} ms, which is 8 s at 500 a second`);
  assert.ok(attempts < 2.2 * 4_000, `${attempts} attempts of 4,000`);
});

test('[L6] plain clients with full jitter, who obey nobody, all get back, and never stampede', () => {
  const random = createSeededRandom(6);
  const visitors = Array.from({ length: 12_000 }, () => plain(random));
  const passed = passage(visitors, clock => [1, 2, 3].map(() => admissionOf(clock)), random);
  assert.equal(passed.admitted.length, 12_000);
  assert.ok(peakPerSecond(passed) <= 1.5 * 1_500, `${peakPerSecond(passed)} in a second`);
});

test('[L6] those who obey are not held up by those who do not', () => {
  const random = createSeededRandom(7);
  const others = Array.from({ length: 2_000 }, () => plain(random));
  const sdk = Array.from({ length: 2_000 }, () => obedient('resume'));
  const { admitted } = passage([...others, ...sdk], clock => [admissionOf(clock)], random);
  const lastMs = admitted.findLast(({ lane }) => lane === 'resume')?.atMs ?? Number.POSITIVE_INFINITY;
  assert.ok(lastMs < 8_000, `all sessions are resumed after ${lastMs} ms`);
});

test('[L6] nobody is told to stay away for longer than the longest time, or for less than a second', () => {
  const clock = createFakeClock();
  const admission = admissionOf(clock);
  const told = Array.from({ length: 20_000 }, (_, n) => admission.tell(n % 3 === 0 ? 'new' : 'resume'));
  assert.ok(told.every(ms => ms >= 1_000 && ms <= 20_000));
  const crowded = told.slice(-5_000);
  assert.ok(Math.min(...crowded) < 11_000 && Math.max(...crowded) > 19_000, 'a crowd is spread');
  assert.ok(admission.waitMs('new') > 19_000);
  clock.advance(20_001);
  assert.deepEqual([admission.waitMs('new'), admission.waitMs('resume')], [0, 0]);
});

test('[L6] who was refused by a gateway that is not well is told to stay away for longer', () => {
  const [well, unwell] = [admissionOf(createFakeClock()), admissionOf(createFakeClock())];
  unwell.feel({ elapsedMs: 100, lagMs: 1_000, brokerReady: true });
  const last = (admission: Admission): number =>
    Array.from({ length: 1_000 }, () => admission.tell('resume')).at(-1) ?? 0;
  assert.ok(last(unwell) > 1.2 * last(well));
});
