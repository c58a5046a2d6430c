import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { createFakeClock } from '@kittiwake/testkit';
import type { Peer } from './peer-handler.ts';
import { listeningServer, rawWebSocket, textFrame } from './test/listening-server.ts';

const LIMITS = { outboxBytesMax: 262_144, closeTimeoutMs: 50 };

/** Sends until the peer's socket takes no more; the verdict that ended it. */
async function fillUp(peer: Peer, until: 'buffered' | 'overflow'): Promise<number> {
  const frame = textFrame('x'.repeat(32_768));
  for (let sent = 0; sent < 10_000; sent += 1) {
    const verdict = peer.send(frame);
    if (verdict === until) return sent;
    await new Promise(resolve => setImmediate(resolve));
  }
  throw new Error(`it was never ${until}`);
}

test('[X3] a client that stops reading fills its outbox and no more', async t => {
  const { port, peer, metrics } = await listeningServer(t, { limits: LIMITS });
  await rawWebSocket(t, port);
  const seen = await peer(0);
  await fillUp(seen.peer, 'overflow');
  const waiting = metrics.value('kittiwake_outbox_bytes');
  assert.ok(waiting > 0 && waiting <= LIMITS.outboxBytesMax + 65_536, `${waiting} bytes wait`);
  assert.equal(seen.peer.send(textFrame('y'.repeat(32_768))), 'overflow');
  assert.equal(metrics.value('kittiwake_outbox_overflows_total'), 1);
  seen.peer.close(4431, 'slow_consumer');
  assert.equal(await seen.closed, 4431);
  assert.equal(metrics.value('kittiwake_outbox_bytes'), 0);
  assert.equal(metrics.value('kittiwake_disconnects_total', { code: '4431', reason: 'slow_consumer' }), 1);
});

test('[X3] neighbours of a client that stops reading get everything, in order', async t => {
  const { port, peer, open } = await listeningServer(t, { limits: LIMITS });
  await rawWebSocket(t, port);
  const slow = await peer(0);
  const neighbour = await open();
  const good = await peer(1);
  const numbers: number[] = [];
  neighbour.on('message', data => numbers.push(Number.parseInt(data.toString(), 10)));
  const padding = '.'.repeat(32_768);
  for (let n = 0; n < 400; n += 1) {
    const frame = textFrame(`${n} ${padding}`);
    if (slow.peer.send(frame) === 'overflow') slow.peer.close(4431, 'slow_consumer');
    assert.equal(good.peer.send(frame), 'sent');
    while (numbers.length <= n) await once(neighbour, 'message');
  }
  assert.deepEqual(
    numbers,
    Array.from({ length: 400 }, (_, n) => n),
  );
  assert.equal(await slow.closed, 4431);
});

test('[X3] a client that reads too slowly is closed by age', async t => {
  const clock = createFakeClock();
  const { port, peer, metrics } = await listeningServer(t, { limits: LIMITS, clock });
  await rawWebSocket(t, port);
  const seen = await peer(0);
  await fillUp(seen.peer, 'buffered');
  clock.advance(9_999);
  assert.equal(seen.peer.send(textFrame('z')), 'buffered');
  clock.advance(1);
  assert.equal(seen.peer.send(textFrame('z')), 'closed');
  assert.equal(await seen.closed, 4431);
  assert.equal(metrics.value('kittiwake_outbox_overflows_total'), 1);
});

test('[T6] a client that reads again gets what waited, in order, and is not closed by age', async t => {
  const clock = createFakeClock();
  const { port, peer, metrics } = await listeningServer(t, { limits: LIMITS, clock });
  const socket = await rawWebSocket(t, port);
  const seen = await peer(0);
  const sent = await fillUp(seen.peer, 'buffered');
  seen.peer.send(textFrame('the end'));
  let bytes = 0;
  const last = new Promise<void>(resolve => {
    socket.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (chunk.toString('latin1').endsWith('the end')) resolve();
    });
  });
  socket.resume();
  await last;
  assert.equal(bytes, (sent + 1) * (32_768 + 4) + 9);
  assert.equal(metrics.value('kittiwake_outbox_bytes'), 0);
  clock.advance(60_000);
  assert.equal(seen.peer.send(textFrame('z')), 'sent');
});

test('[T5] everything of one tick leaves in one write', async t => {
  const { port, peer } = await listeningServer(t);
  const socket = await rawWebSocket(t, port);
  const seen = await peer(0);
  for (let n = 0; n < 100; n += 1) seen.peer.send(textFrame('0123456789'));
  const arrived = once(socket, 'data');
  socket.resume();
  const [chunk] = await arrived;
  assert.equal(chunk.length, 1_200);
});
