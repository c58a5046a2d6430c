import assert from 'node:assert/strict';
import { test } from 'node:test';
import { every } from '@kittiwake/base';
import { createFakeClock } from './fake-clock.ts';
import { seededRandom } from './seeded-random.ts';

test('[Y1] fake timers fire in order of time, at their time, and not once called off', () => {
  const clock = createFakeClock();
  const fired: string[] = [];
  clock.after(20, () => fired.push(`b@${clock.monotonicMs()}`));
  clock.after(10, () => fired.push(`a@${clock.monotonicMs()}`));
  clock.after(15, () => fired.push('never')).cancel();
  clock.advance(19);
  assert.deepEqual(fired, ['a@10']);
  clock.advance(1);
  assert.deepEqual(fired, ['a@10', 'b@20']);
  assert.equal(clock.pending, 0);
});

test('[Y1] a timer that starts anew fires as often as it is due', () => {
  const clock = createFakeClock();
  let fired = 0;
  const timer = every(clock, 10, () => {
    fired += 1;
  });
  clock.advance(35);
  timer.cancel();
  clock.advance(100);
  assert.equal(fired, 3);
});

test('[Y1] seeded randomness repeats, and is spread over [0, 1)', () => {
  const [a, b] = [seededRandom(7), seededRandom(7)];
  const numbers = Array.from({ length: 1_000 }, () => a.next());
  assert.deepEqual(
    numbers.slice(0, 5),
    Array.from({ length: 5 }, () => b.next()),
  );
  const mean = numbers.reduce((sum, n) => sum + n, 0) / numbers.length;
  assert.ok(mean > 0.45 && mean < 0.55, `${mean}`);
  assert.match(a.hex(4), /^[0-9a-f]{8}$/);
});
