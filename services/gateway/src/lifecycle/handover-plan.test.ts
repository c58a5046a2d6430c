import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSeededRandom } from '@kittiwake/testkit';
import { type HandoverBatch, paceOf, planHandover, unhurriedPace } from './handover-plan.ts';

const PACE = paceOf({ windowMs: 30_000, moveMs: 5_000 }, 500);

function plan(sessions: number, pace = PACE): readonly HandoverBatch[] {
  return planHandover(sessions, pace, createSeededRandom(1));
}

function moments(batches: readonly HandoverBatch[]): number[] {
  return batches.flatMap(batch => batch.reconnectAfterMs.map(afterMs => batch.atMs + afterMs));
}

for (const sessions of [0, 1, 2, 124, 125, 126, 999, 10_000, 100_000]) {
  test(`[D2] ${sessions} sessions are all told, once, and have time to move within the window`, () => {
    const all = moments(plan(sessions));
    assert.equal(all.length, sessions);
    assert.ok(all.every(atMs => atMs >= PACE.noticeMs && atMs <= PACE.windowMs - PACE.moveMs));
  });
}

test('[D2] clients come back at the rate that the others take', () => {
  const perSecond = new Map<number, number>();
  for (const atMs of moments(plan(5_000))) {
    const second = Math.floor(atMs / 1_000);
    perSecond.set(second, (perSecond.get(second) ?? 0) + 1);
  }
  assert.ok(Math.max(...perSecond.values()) <= PACE.clientsPerSecond * 1.15, JSON.stringify([...perSecond]));
});

test('[D4] where the rate would not do, the window counts', () => {
  const batches = plan(100_000);
  assert.ok((batches.at(-1)?.atMs ?? 0) + PACE.noticeMs + PACE.batchMs + PACE.moveMs <= PACE.windowMs);
  const sizes = batches.map(batch => batch.reconnectAfterMs.length);
  assert.ok(Math.max(...sizes) - Math.min(...sizes) <= 1, 'batches are even');
});

test('[D2] few sessions are not kept waiting', () => {
  assert.deepEqual(
    plan(100).map(batch => batch.atMs),
    [0, 250, 500, 750, 1_000],
  );
});

test('[D2] it begins with an eighth of the rate, and comes to all of it in ten seconds: those who take them are cold', () => {
  const sizes = plan(5_000).map(batch => batch.reconnectAfterMs.length);
  const perBatch = (PACE.clientsPerSecond * PACE.batchMs) / 1_000;
  assert.equal(sizes[0], Math.floor(perBatch / 8));
  assert.ok(sizes.slice(1, 40).every((size, batch) => size >= (sizes[batch] ?? 0) - 1));
  assert.ok(sizes.slice(40, -1).every(size => Math.abs(size - perBatch) <= 1));
});

test('[D2, D9] a part of the sessions goes at its rate from the first moment: no time was reckoned for more', () => {
  const sizes = planHandover(1_000, unhurriedPace(1_000, 100), createSeededRandom(1)).map(
    batch => batch.reconnectAfterMs.length,
  );
  assert.ok(sizes.every(size => size === 25));
});

test('[D4] where a slow start would not do, there is none', () => {
  const sizes = plan(11_500).map(batch => batch.reconnectAfterMs.length);
  assert.ok(Math.max(...sizes) - Math.min(...sizes) <= 1 && Math.max(...sizes) <= 126);
});

test('[D2] clients of one batch come back at different moments', () => {
  const batch = plan(5_000).at(-2);
  assert.ok(new Set(batch?.reconnectAfterMs).size > 50);
});

test('[D4] a window without room for a notice is a bug', () => {
  assert.throws(() => plan(1, { ...PACE, windowMs: 600 }), /window/);
});

test('[D9] at less than one in a batch they are asked one by one, as far apart as the rate says', () => {
  const batches = planHandover(6, unhurriedPace(6, 0.5), createSeededRandom(1));
  assert.deepEqual(
    batches.map(({ atMs, reconnectAfterMs }) => [atMs, reconnectAfterMs.length]),
    [0, 2_000, 4_000, 6_000, 8_000, 10_000].map(atMs => [atMs, 1]),
  );
});
