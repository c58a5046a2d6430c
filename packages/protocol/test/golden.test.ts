import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Codec, jsonCodec } from '../src/index.ts';
import { msgpackCodec } from '../src/msgpack.ts';
import { readGolden } from './golden-frames.ts';
import { SAMPLES } from './sample-messages.ts';

const golden = readGolden();

test('[M10] every sample has a golden frame, and every golden frame a sample', () => {
  assert.deepEqual([...golden.keys()].sort(), SAMPLES.map(sample => sample.name).sort());
});

for (const { name, from, message } of SAMPLES) {
  const frame = golden.get(name);
  const decode = (codec: Codec, data: string | Uint8Array) =>
    from === 'client' ? codec.decodeClient(data) : codec.decodeServer(data);

  test(`[M1] ${name} is read from its golden frames, the same from both formats`, () => {
    assert.deepEqual(decode(jsonCodec, frame?.json ?? ''), { ok: true, value: message });
    assert.deepEqual(decode(msgpackCodec, Buffer.from(frame?.msgpack ?? '', 'hex')), {
      ok: true,
      value: message,
    });
  });

  test(`[M10] ${name} is written as its golden frames`, () => {
    assert.equal(jsonCodec.encode(message), frame?.json);
    assert.equal(Buffer.from(msgpackCodec.encode(message) as Uint8Array).toString('hex'), frame?.msgpack);
  });
}
