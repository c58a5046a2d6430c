import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Outbox } from './outbox.ts';
import type { Frame } from './peer-handler.ts';
import { PendingFrames } from './pending-frames.ts';

const LIMITS = { outboxBytesMax: 1_000, outboxFramesMax: 5 };

function frame(size: number): Frame {
  return { format: 'json', payload: Buffer.alloc(size) };
}

function push(outbox: Outbox, size: number, inSocket = 0) {
  return outbox.push(frame(size), PendingFrames.empty(), inSocket);
}

test('[X3] an outbox is bounded in bytes, with those in the socket', () => {
  const outbox = new Outbox(LIMITS);
  assert.equal(push(outbox, 400, 100), 'sent');
  assert.equal(push(outbox, 400, 100), 'sent');
  assert.equal(push(outbox, 200, 100), 'overflow');
  assert.equal(push(outbox, 10, 100), 'sent');
});

test('[X3] an outbox is bounded in frames, with those in the socket', () => {
  const outbox = new Outbox(LIMITS);
  outbox.block(3);
  assert.deepEqual(
    [push(outbox, 1, 9), push(outbox, 1, 9), push(outbox, 1, 9)],
    ['buffered', 'buffered', 'overflow'],
  );
  outbox.unblock();
  assert.equal(push(outbox, 1), 'sent');
});

test('[X3] an overflow takes nothing', () => {
  const outbox = new Outbox(LIMITS);
  push(outbox, 500);
  assert.equal(push(outbox, 500), 'overflow');
  assert.equal(outbox.take()?.frames, 1);
});

test('[X3] a message larger than the bound passes alone', () => {
  const outbox = new Outbox(LIMITS);
  assert.equal(push(outbox, 5_000), 'sent');
  assert.equal(push(outbox, 1), 'overflow');
  outbox.take();
  assert.equal(push(outbox, 5_000, 1), 'overflow');
});

test('[T6] a blocked outbox keeps a list of its own, in order', () => {
  const outbox = new Outbox(LIMITS);
  const shared = PendingFrames.empty();
  outbox.block(1);
  const [a, b]: [Frame, Frame] = [
    { format: 'json', payload: Buffer.from('a') },
    { format: 'json', payload: Buffer.from('b') },
  ];
  outbox.push(a, shared, 1);
  outbox.push(b, shared, 1);
  assert.notEqual(outbox.take(), shared.with(a).with(b));
  assert.equal(outbox.take(), undefined);
});
