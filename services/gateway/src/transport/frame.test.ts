import assert from 'node:assert/strict';
import { test } from 'node:test';
import { framed } from './frame.ts';
import type { Frame } from './peer-handler.ts';
import { PendingFrames } from './pending-frames.ts';

function text(payload: string | Buffer): Frame {
  return { format: 'json', payload: Buffer.from(payload) };
}

test('[T4] frames text and binary as RFC 6455 §5.7 shows', () => {
  assert.equal(framed(text('Hello')).toString('hex'), '810548656c6c6f');
  assert.equal(framed({ format: 'msgpack', payload: Buffer.from([1]) }).toString('hex'), '820101');
});

test('[T4] writes the length in the shortest form', () => {
  const headers = [0, 125, 126, 65_535, 65_536].map(size => {
    const bytes = framed(text(Buffer.alloc(size, 'x')));
    return bytes.subarray(0, bytes.length - size).toString('hex');
  });
  assert.deepEqual(headers, ['8100', '817d', '817e007e', '817effff', '817f0000000000010000']);
});

test('[T4] frames a broadcast once', () => {
  const frame = text('x');
  assert.equal(framed(frame), framed(frame));
  assert.equal(frame.framed, framed(frame));
});

test('[T5] peers that got the same frames share one list and one buffer', () => {
  const shared = PendingFrames.empty();
  const [a, b, c] = [text('a'), text('b'), text('c')];
  const one = shared.with(a).with(b);
  const two = shared.with(a).with(b);
  const other = shared.with(a).with(c);
  assert.equal(one, two);
  assert.notEqual(one, other);
  assert.equal(one.whole(), two.whole());
  assert.equal(one.whole().toString(), '\x81\x01a\x81\x01b'.replaceAll('\x81', '\ufffd'));
  assert.equal(other.whole().length, 6);
  assert.deepEqual([one.frames, one.bytes], [2, 6]);
});

test('[T5] a single frame is not copied', () => {
  const frame = text('a');
  assert.equal(PendingFrames.empty().with(frame).whole(), framed(frame));
});

test('[T5] finds a list again among many that begin alike', () => {
  const shared = PendingFrames.empty();
  const frames = Array.from({ length: 50 }, (_, n) => text(`${n}`));
  const lists = frames.map(frame => shared.with(frame));
  assert.deepEqual(
    frames.map(frame => lists.indexOf(shared.with(frame))),
    frames.map((_, n) => n),
  );
});
