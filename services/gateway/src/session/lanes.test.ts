import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deferred } from '@kittiwake/base';
import { Lanes } from './lanes.ts';

test('[C1] what changes one membership runs one after another', async () => {
  const lanes = new Lanes<string>();
  const gate = deferred<void>();
  const order: string[] = [];
  const first = lanes.run('chat:1', async () => {
    order.push('join begins');
    await gate.promise;
    order.push('join ends');
  });
  const second = lanes.run('chat:1', async () => void order.push('leave'));
  await lanes.run('chat:2', async () => void order.push('another channel'));
  gate.resolve();
  await Promise.all([first, second]);
  assert.deepEqual(order, ['join begins', 'another channel', 'join ends', 'leave']);
});

test('[C1] a failure is the caller’s alone: the lane goes on', async () => {
  const lanes = new Lanes<string>();
  const failing = lanes.run('chat:1', () => Promise.reject(new Error('boom')));
  const next = lanes.run('chat:1', async () => {});
  await assert.rejects(failing, /boom/);
  await next;
});
