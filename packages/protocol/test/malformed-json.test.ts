import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jsonCodec, LIMITS } from '../src/index.ts';
import { msgpackCodec } from '../src/msgpack.ts';
import { type BadFrame, keys, malformedAt, nested, padded, publish, WIDEST } from './bad-frames.ts';

const BAD_FRAMES: readonly BadFrame[] = [
  { rule: 'M1', name: 'bytes where text is spoken', data: Buffer.from('{}'), failure: malformedAt('') },
  {
    rule: 'M3',
    name: 'an unknown type',
    data: '{"type":"subscribe","ref":9}',
    failure: { kind: 'unknown_type', path: 'type', ref: 9 },
  },
  {
    rule: 'M3',
    name: 'a type that every object has',
    data: '{"type":"toString"}',
    failure: { kind: 'unknown_type', path: 'type' },
  },
  {
    rule: 'M3',
    name: 'a message that only gateways send',
    data: '{"type":"goaway"}',
    failure: { kind: 'unknown_type', path: 'type' },
  },
  { rule: 'M4', name: 'nothing', data: '', failure: malformedAt('') },
  { rule: 'M4', name: 'text that is not JSON', data: '{type:1}', failure: malformedAt('') },
  {
    rule: 'M4',
    name: 'JSON that is cut off',
    data: publish('{"a":"b').slice(0, -1),
    failure: malformedAt(''),
  },
  { rule: 'M4', name: 'a string that never ends', data: '"abc\\', failure: malformedAt('') },
  { rule: 'M4', name: 'brackets that close nothing', data: ']]]],,,', failure: malformedAt('') },
  { rule: 'M4', name: 'two values', data: '{"type":"ping"} {}', failure: malformedAt('') },
  { rule: 'M4', name: 'null', data: 'null', failure: malformedAt('') },
  { rule: 'M4', name: 'an array', data: '[{"type":"ping"}]', failure: malformedAt('') },
  { rule: 'M4', name: 'no type', data: '{"ref":4}', failure: { ...malformedAt('type'), ref: 4 } },
  {
    rule: 'M4',
    name: 'a type that is no text',
    data: '{"type":{},"ref":4}',
    failure: { ...malformedAt('type'), ref: 4 },
  },
  {
    rule: 'M4',
    name: 'a missing field',
    data: '{"type":"join","ref":4}',
    failure: { ...malformedAt('channel'), ref: 4 },
  },
  {
    rule: 'M4',
    name: 'a wrong type deep inside',
    data: '{"type":"join","ref":4,"channel":"a","position":{"offset":"7","epoch":"e"}}',
    failure: { ...malformedAt('position.offset'), ref: 4 },
  },
  {
    rule: 'M4',
    name: 'an offset that a double cannot hold',
    data: '{"type":"join","ref":4,"channel":"a","position":{"offset":9007199254740993,"epoch":"e"}}',
    failure: malformedAt('position.offset'),
  },
  {
    rule: 'M4',
    name: 'a channel with an empty segment',
    data: '{"type":"leave","ref":4,"channel":"a::b"}',
    failure: malformedAt('channel'),
  },
  {
    rule: 'M4',
    name: 'a channel name that is too long',
    data: `{"type":"leave","ref":4,"channel":"${'a'.repeat(201)}"}`,
    failure: malformedAt('channel'),
  },
  {
    rule: 'M9',
    name: 'a ref of 0',
    data: '{"type":"leave","ref":0,"channel":"a"}',
    failure: malformedAt('ref'),
  },
  {
    rule: 'M9',
    name: 'a ref over 2^31 - 1',
    data: '{"type":"leave","ref":2147483648,"channel":"a"}',
    failure: malformedAt('ref'),
  },
  {
    rule: 'M9',
    name: 'a ref that is not whole',
    data: '{"type":"leave","ref":1.5,"channel":"a"}',
    failure: malformedAt('ref'),
  },
  {
    rule: 'M5',
    name: '64 KB and one byte',
    data: padded(LIMITS.messageBytesMax + 1),
    failure: { kind: 'message_too_large', path: '' },
  },
  {
    rule: 'M5',
    name: 'few characters of many bytes',
    data: publish(`"${'世'.repeat(22_000)}"`),
    failure: { kind: 'message_too_large', path: '' },
  },
  {
    rule: 'M6',
    name: 'one level too deep',
    data: publish(nested(LIMITS.jsonDepthMax)),
    failure: malformedAt(''),
  },
  { rule: 'M6', name: 'a depth bomb', data: '['.repeat(65_000), failure: malformedAt('') },
  {
    rule: 'M6',
    name: 'an object that is too wide',
    data: publish(keys(LIMITS.objectKeysMax + 1)),
    failure: malformedAt(''),
  },
  {
    rule: 'M6',
    name: 'an array that is too long',
    data: publish(`[${'0,'.repeat(LIMITS.arrayLengthMax)}0]`),
    failure: malformedAt(''),
  },
  {
    rule: 'M7',
    name: '__proto__',
    data: '{"type":"ping","__proto__":{"admin":true}}',
    failure: malformedAt('__proto__'),
  },
  {
    rule: 'M7',
    name: 'constructor deep inside',
    data: publish('[{"a":{"constructor":1}}]'),
    failure: malformedAt('data[0].a.constructor'),
  },
  {
    rule: 'M7',
    name: 'prototype, escaped',
    data: publish('{"\\u0070rototype":1}'),
    failure: malformedAt('data.prototype'),
  },
  { rule: 'M8', name: 'a lone surrogate', data: publish('"\\ud800"'), failure: malformedAt('data') },
  {
    rule: 'M8',
    name: 'a lone surrogate in a key',
    data: publish('{"\\udc00":1}'),
    failure: malformedAt('data.?'),
  },
];

for (const { rule, name, data, failure } of BAD_FRAMES) {
  test(`[${rule}] json: ${name}`, () => {
    const decoded = jsonCodec.decodeClient(data);
    assert.equal(decoded.ok, false);
    if (!decoded.ok) assert.partialDeepStrictEqual(decoded.error, failure);
  });
}

test('[M5] a message of exactly 64 KB is read', () => {
  assert.equal(jsonCodec.decodeClient(padded(LIMITS.messageBytesMax)).ok, true);
});

test('[M5] a gateway may send more than a client', () => {
  const data = `{"type":"response","ref":1,"data":"${'x'.repeat(LIMITS.messageBytesMax)}"}`;
  assert.equal(jsonCodec.decodeServer(data).ok, true);
});

test('[M6] the deepest, widest and longest that is allowed is read', () => {
  for (const data of WIDEST) {
    const message = jsonCodec.decodeClient(publish(data));
    assert.equal(message.ok, true);
    if (message.ok) assert.equal(msgpackCodec.decodeClient(msgpackCodec.encode(message.value)).ok, true);
  }
});

test('[M6] brackets, commas and quotes within text do not count', () => {
  assert.equal(jsonCodec.decodeClient(publish(`"${'[,{\\"'.repeat(2_000)}"`)).ok, true);
});

test('[M7] a value may be called what a key may not', () => {
  assert.equal(jsonCodec.decodeClient(publish('["__proto__","constructor"]')).ok, true);
});

test('[M8] a pair of escaped surrogates is one character', () => {
  assert.equal(jsonCodec.decodeClient(publish('"\\ud83d\\udc4b"')).ok, true);
});

test('[M2] unknown fields are ignored, in a message and deeper', () => {
  const decoded = jsonCodec.decodeClient(
    '{"type":"join","ref":1,"channel":"a","later":[1],"position":{"offset":1,"epoch":"e","x":0}}',
  );
  assert.deepEqual(decoded, {
    ok: true,
    value: { type: 'join', ref: 1, channel: 'a', position: { offset: 1, epoch: 'e' } },
  });
});

test('[M4] a failure is safe to send and to log: its path is bounded and printable', () => {
  const decoded = jsonCodec.decodeClient(publish(`{"\\u0000é${'k'.repeat(5_000)}":{"__proto__":1}}`));
  assert.equal(decoded.ok, false);
  if (!decoded.ok) assert.match(decoded.error.path, /^[\x20-\x7e]{1,200}$/);
});
