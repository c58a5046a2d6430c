import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clientFrame, FrameReader, OPCODE } from './frame-reader.ts';

/** Server frames: "hi", 300 bytes, 70,000 bytes, close 4450. */
const FRAMES = [
  Buffer.from('81026869', 'hex'),
  Buffer.concat([Buffer.from('827e012c', 'hex'), Buffer.alloc(300, 1)]),
  Buffer.concat([Buffer.from('817f0000000000011170', 'hex'), Buffer.alloc(70_000, 97)]),
  Buffer.from('88021162', 'hex'),
];
const STREAM = Buffer.concat(FRAMES);

for (const size of [1, 2, 3, 7, 305, 70_400]) {
  test(`[M1] frames are read from a stream that is cut every ${size} bytes`, () => {
    const reader = new FrameReader();
    const read: string[] = [];
    for (let at = 0; at < STREAM.length; at += size) {
      for (const { opcode, payload } of reader.read(STREAM.subarray(at, at + size)))
        read.push(`${opcode} ${payload.length} ${payload.subarray(0, 2).toString('hex')}`);
    }
    assert.deepEqual(read, ['1 2 6869', '2 300 0101', '1 70000 6161', '8 2 1162']);
  });
}

test('[M1] a frame of a client is masked, by nought', () => {
  assert.equal(clientFrame(OPCODE.text, Buffer.from('hi')).toString('hex'), '8182000000006869');
  assert.equal(
    clientFrame(OPCODE.binary, Buffer.alloc(300)).subarray(0, 8).toString('hex'),
    '82fe012c00000000',
  );
});
