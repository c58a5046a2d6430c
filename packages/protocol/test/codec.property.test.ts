import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type ClientMessage, jsonCodec, type ServerMessage, type WireData } from '../src/index.ts';
import { msgpackCodec } from '../src/msgpack.ts';
import { anyClientMessage, anyServerMessage } from './arbitrary-messages.ts';

const RUNS = { numRuns: 500 };

for (const codec of [jsonCodec, msgpackCodec]) {
  test(`[M1] ${codec.format}: what a client encodes is what the gateway decodes`, () => {
    const holds = fc.property(anyClientMessage, message => {
      assert.deepEqual(codec.decodeClient(codec.encode(message as ClientMessage)), {
        ok: true,
        value: message,
      });
    });
    fc.assert(holds, RUNS);
  });

  test(`[M1] ${codec.format}: what a gateway encodes is what the client decodes`, () => {
    const holds = fc.property(anyServerMessage, message => {
      assert.deepEqual(codec.decodeServer(codec.encode(message as ServerMessage)), {
        ok: true,
        value: message,
      });
    });
    fc.assert(holds, RUNS);
  });
}

test('[M4] json: no text makes a decoder throw', () => {
  const anyText = fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), fc.json(), cutOrSpliced());
  fc.assert(
    fc.property(anyText, data => neverThrows(data)),
    { numRuns: 2_000 },
  );
});

test('[M4] msgpack: no bytes make a decoder throw', () => {
  const anyBytes = fc.oneof(fc.uint8Array({ maxLength: 300 }), damaged());
  fc.assert(
    fc.property(anyBytes, data => neverThrows(data)),
    { numRuns: 4_000 },
  );
});

test('[M8] msgpack: whatever passes is a value of JSON, so that it can be sent on as text', () => {
  const holds = fc.property(damaged(), bytes => {
    const decoded = msgpackCodec.decodeClient(bytes);
    if (!decoded.ok) return;
    const value: unknown = JSON.parse(JSON.stringify(decoded.value));
    assert.deepEqual(jsonCodec.decodeClient(jsonCodec.encode(decoded.value)), { ok: true, value });
  });
  fc.assert(holds, { numRuns: 4_000 });
});

/** Both codecs answer with a message, or with a failure that names its kind and path. */
function neverThrows(data: WireData): void {
  for (const codec of [jsonCodec, msgpackCodec]) {
    for (const decoded of [codec.decodeClient(data), codec.decodeServer(data)]) {
      if (decoded.ok) continue;
      assert.match(decoded.error.kind, /^(malformed|unknown_type|message_too_large)$/);
      assert.equal(typeof decoded.error.path, 'string');
    }
  }
}

/** The text of a message, cut off or with something put into it. */
function cutOrSpliced(): fc.Arbitrary<string> {
  return fc
    .tuple(anyClientMessage, fc.nat(), fc.string({ unit: 'binary', maxLength: 4 }), fc.boolean())
    .map(([message, at, piece, cut]) => {
      const text = JSON.stringify(message);
      const index = at % (text.length + 1);
      return text.slice(0, index) + piece + (cut ? '' : text.slice(index));
    });
}

/** The bytes of a message with one to three of them changed, and perhaps cut off. */
function damaged(): fc.Arbitrary<Uint8Array> {
  const changes = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { minLength: 1, maxLength: 3 });
  return fc.tuple(anyClientMessage, changes, fc.nat(), fc.boolean()).map(([message, bytes, at, cut]) => {
    const whole = Uint8Array.from(msgpackCodec.encode(message as ClientMessage) as Uint8Array);
    for (const [index, byte] of bytes) whole[index % whole.length] = byte;
    return cut ? whole.slice(0, at % whole.length) : whole;
  });
}
