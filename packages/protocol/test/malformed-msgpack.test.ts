import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LIMITS } from '../src/index.ts';
import { msgpackCodec } from '../src/msgpack.ts';
import { type BadFrame, malformedAt, packed } from './bad-frames.ts';

const BAD_FRAMES: readonly BadFrame[] = [
  { rule: 'M1', name: 'text where binary is spoken', data: '{"type":"ping"}', failure: malformedAt('') },
  {
    rule: 'M3',
    name: 'an unknown type',
    data: Buffer.from('82a474797065a178a372656609', 'hex'),
    failure: { kind: 'unknown_type', path: 'type', ref: 9 },
  },
  { rule: 'M4', name: 'nothing', data: new Uint8Array(), failure: malformedAt('') },
  { rule: 'M4', name: 'a map that is cut off', data: packed('c0').subarray(0, 20), failure: malformedAt('') },
  { rule: 'M4', name: 'text that is cut off', data: packed('a561'), failure: malformedAt('') },
  { rule: 'M4', name: 'a number that is cut off', data: packed('cb3ff8'), failure: malformedAt('') },
  { rule: 'M4', name: 'bytes after the end', data: packed('c0c0'), failure: malformedAt('') },
  {
    rule: 'M4',
    name: 'a missing field',
    data: Buffer.from('82a474797065a46a6f696ea372656604', 'hex'),
    failure: { ...malformedAt('channel'), ref: 4 },
  },
  {
    rule: 'M5',
    name: '64 KB and one byte',
    data: new Uint8Array(LIMITS.messageBytesMax + 1),
    failure: { kind: 'message_too_large', path: '' },
  },
  {
    rule: 'M6',
    name: 'a map of 2^32 - 1 entries in five bytes',
    data: Buffer.from('dfffffffff', 'hex'),
    failure: malformedAt(''),
  },
  {
    rule: 'M6',
    name: 'an array of 2^32 - 1 elements in five bytes',
    data: Buffer.from('ddffffffff', 'hex'),
    failure: malformedAt(''),
  },
  {
    rule: 'M6',
    name: 'text of 4 GB in five bytes',
    data: Buffer.from('dbffffffff', 'hex'),
    failure: malformedAt(''),
  },
  {
    rule: 'M6',
    name: 'an array that is too long',
    data: packed(`dc2711${'00'.repeat(10_001)}`),
    failure: malformedAt(''),
  },
  {
    rule: 'M6',
    name: 'one level too deep',
    data: packed(`${'91'.repeat(LIMITS.jsonDepthMax)}00`),
    failure: malformedAt(''),
  },
  { rule: 'M6', name: 'a depth bomb', data: Buffer.alloc(65_000, 0x91), failure: malformedAt('') },
  { rule: 'M7', name: '__proto__', data: packed('81a95f5f70726f746f5f5fc0'), failure: malformedAt('') },
  {
    rule: 'M7',
    name: 'constructor in long text',
    data: packed('81d90b636f6e7374727563746f72c0'),
    failure: malformedAt(''),
  },
  { rule: 'M8', name: 'a key that is a number', data: packed('8101c0'), failure: malformedAt('') },
  { rule: 'M8', name: 'a key that is a map', data: packed('8180c0'), failure: malformedAt('') },
  { rule: 'M8', name: 'binary', data: packed('c40100'), failure: malformedAt('') },
  { rule: 'M8', name: 'undefined, as an extension', data: packed('d40000'), failure: malformedAt('') },
  { rule: 'M8', name: 'a timestamp', data: packed('d6ff00000000'), failure: malformedAt('') },
  {
    rule: 'M8',
    name: 'an extension of msgpackr: a record',
    data: packed('d4724091a161'),
    failure: malformedAt(''),
  },
  { rule: 'M8', name: 'the byte that is never used', data: packed('c1'), failure: malformedAt('') },
  { rule: 'M8', name: 'not a number', data: packed('cb7ff8000000000000'), failure: malformedAt('') },
  { rule: 'M8', name: 'infinity in four bytes', data: packed('ca7f800000'), failure: malformedAt('') },
  { rule: 'M8', name: 'an integer over 2^53', data: packed('cf0020000000000001'), failure: malformedAt('') },
  { rule: 'M8', name: 'text that is not UTF-8', data: packed('a2c328'), failure: malformedAt('') },
  { rule: 'M8', name: 'an overlong encoding', data: packed('a2c0af'), failure: malformedAt('') },
];

for (const { rule, name, data, failure } of BAD_FRAMES) {
  test(`[${rule}] msgpack: ${name}`, () => {
    const decoded = msgpackCodec.decodeClient(data);
    assert.equal(decoded.ok, false);
    if (!decoded.ok) assert.partialDeepStrictEqual(decoded.error, failure);
  });
}

test('[M8] 64-bit integers that a double holds are numbers', () => {
  const decoded = msgpackCodec.decodeClient(packed('92cf0000018bcfe56800d3ffffffffffffffff'));
  assert.equal(decoded.ok, true);
  if (decoded.ok) assert.partialDeepStrictEqual(decoded.value, { data: [1_700_000_000_000, -1] });
});
