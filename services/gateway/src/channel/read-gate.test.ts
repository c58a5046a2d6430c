import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { type Deferred, deferred } from '@kittiwake/base';
import { ReadGate } from './read-gate.ts';

test('[B8] so many reads are under way at a time, the rest wait in order', async () => {
  const gate = new ReadGate(2);
  const begun: number[] = [];
  const ends: Deferred<void>[] = [];
  const reads = [0, 1, 2, 3, 4].map(n =>
    gate.pass(async () => {
      begun.push(n);
      const end = deferred<void>();
      ends.push(end);
      await end.promise;
      return n;
    }),
  );
  await turn();
  assert.deepEqual(begun, [0, 1]);
  ends[1]?.resolve();
  await turn();
  assert.deepEqual(begun, [0, 1, 2]);
  for (let n = 0; n < 5; n += 1) {
    ends[n]?.resolve();
    await turn();
  }
  assert.deepEqual(await Promise.all(reads), [0, 1, 2, 3, 4]);
  assert.deepEqual(begun, [0, 1, 2, 3, 4]);
});

test('[B8] a read that fails gives its place back', async () => {
  const gate = new ReadGate(1);
  const failing = gate.pass(() => Promise.reject(new Error('no')));
  const next = gate.pass(async () => 'read');
  await assert.rejects(failing);
  assert.equal(await next, 'read');
});

test('[B8] nobody slips in between one that ends and the next in line', async () => {
  const gate = new ReadGate(1);
  const order: string[] = [];
  const end = deferred<void>();
  const first = gate.pass(() => end.promise);
  const second = gate.pass(async () => void order.push('second'));
  end.resolve();
  await first;
  await Promise.all([second, gate.pass(async () => void order.push('third'))]);
  assert.deepEqual(order, ['second', 'third']);
});
