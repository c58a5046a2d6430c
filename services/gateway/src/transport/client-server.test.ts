import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { WebSocket } from 'ws';
import {
  closeOf,
  HANDSHAKE_HEAD,
  listeningServer,
  rawSocket,
  readAll,
  textFrame,
} from './test/listening-server.ts';

/** Status and headers with which a handshake is refused. */
async function refusal(
  port: number,
  options: { protocols?: string[]; headers?: Record<string, string>; path?: string },
) {
  const ws = new WebSocket(`ws://127.0.0.1:${port}${options.path ?? '/v1/ws'}`, options.protocols ?? [], {
    headers: options.headers ?? {},
  });
  const [, response] = await once(ws, 'unexpected-response');
  return { status: response.statusCode, retryAfter: response.headers['retry-after'] };
}

test('[T1] a message goes in, and an answer comes out', async t => {
  const { open, peer, metrics } = await listeningServer(t);
  const ws = await open();
  const seen = await peer(0);
  ws.send('hello');
  assert.equal(await seen.message(0), 'hello');
  assert.equal(seen.peer.send(textFrame('hi')), 'sent');
  const [answer] = await once(ws, 'message');
  assert.equal(answer.toString(), 'hi');
  assert.equal(metrics.value('kittiwake_handshakes_total', { result: 'accepted' }), 1);
  assert.equal(metrics.value('kittiwake_bytes_received_total'), 5);
  assert.equal(metrics.value('kittiwake_bytes_sent_total'), 4);
  assert.equal(metrics.value('kittiwake_messages_sent_total'), 1);
});

test('[T2] MessagePack by subprotocol comes as bytes, both ways', async t => {
  const { open, peer } = await listeningServer(t);
  const ws = await open(['kittiwake.v1.msgpack']);
  assert.equal(ws.protocol, 'kittiwake.v1.msgpack');
  const seen = await peer(0);
  assert.equal(seen.peer.format, 'msgpack');
  ws.send(Buffer.from([0x81, 0xa1, 0x61, 0x01]));
  assert.deepEqual(Buffer.from((await seen.message(0)) as Uint8Array), Buffer.from([0x81, 0xa1, 0x61, 0x01]));
  seen.peer.send({ format: 'msgpack', payload: Buffer.from([0xc0]) });
  const [answer, isBinary] = await once(ws, 'message');
  assert.deepEqual([answer, isBinary], [Buffer.from([0xc0]), true]);
});

test('[T2] the token of a subprotocol reaches the session and never the answer', async t => {
  const { port, peer } = await listeningServer(t);
  const socket = await rawSocket(t, port);
  socket.write(
    `${HANDSHAKE_HEAD}\r\nUser-Agent: ${'u'.repeat(500)}\r\nSec-WebSocket-Protocol: kittiwake.v1, kittiwake.token.a.b.c\r\n\r\n`,
  );
  const [answer] = await once(socket, 'data');
  assert.match(answer.toString(), /^HTTP\/1\.1 101 [\s\S]*Sec-WebSocket-Protocol: kittiwake\.v1\r\n/);
  assert.doesNotMatch(answer.toString(), /token/);
  const { handshake } = await peer(0);
  assert.equal(handshake.token, 'a.b.c');
  assert.equal(handshake.userAgent?.length, 256);
});

test('[T1] a foreign origin is refused with 403, before anybody is asked', async t => {
  const { port, peers, metrics } = await listeningServer(t, { limits: { origins: ['https://app.example'] } });
  assert.equal((await refusal(port, { headers: { origin: 'https://evil.example' } })).status, 403);
  assert.equal((await refusal(port, { path: '/other' })).status, 404);
  assert.equal((await refusal(port, { protocols: ['graphql-ws'] })).status, 400);
  assert.equal(peers.length, 0);
  assert.equal(metrics.value('kittiwake_handshakes_total', { result: 'forbidden_origin' }), 1);
});

test('[L4] one connection too many is refused with 503 and a time to come back', async t => {
  const { open, port, metrics } = await listeningServer(t, { limits: { connectionsMax: 1 } });
  const ws = await open();
  const { status, retryAfter } = await refusal(port, {});
  assert.equal(status, 503);
  assert.ok(Number(retryAfter) >= 1 && Number(retryAfter) <= 10, retryAfter);
  assert.equal(metrics.value('kittiwake_handshakes_total', { result: 'too_many_connections' }), 1);
  ws.close();
  await once(ws, 'close');
  await open();
});

test('[L4] one address cannot take all connections', async t => {
  const { open, port } = await listeningServer(t, {
    limits: { connectionsPerAddressMax: 1, trustedProxies: ['127.0.0.1'] },
  });
  await open([], { headers: { 'x-forwarded-for': '203.0.113.1' } });
  assert.equal((await refusal(port, { headers: { 'x-forwarded-for': '203.0.113.1' } })).status, 429);
  await open([], { headers: { 'x-forwarded-for': '203.0.113.2' } });
});

test('[D1] a server that stops accepting refuses newcomers with 503 and keeps the others', async t => {
  const { open, peer, port, server, metrics } = await listeningServer(t);
  const ws = await open();
  const seen = await peer(0);
  assert.equal(metrics.value('kittiwake_connections_active'), 1);
  server.stopAccepting();
  server.stopAccepting();
  const { status, retryAfter } = await refusal(port, {});
  assert.deepEqual([status, retryAfter === undefined], [503, false]);
  seen.peer.send(textFrame('still here'));
  const [message] = await once(ws, 'message');
  assert.equal(message.toString(), 'still here');
  assert.equal(metrics.value('kittiwake_connections_active'), 0);
  assert.equal(metrics.value('kittiwake_connections_draining'), 1);
  ws.close();
  await seen.closed;
  assert.equal(metrics.value('kittiwake_connections_draining'), 0);
});

test('[T9] stop closes everybody with 1001, once, and waits', async t => {
  const { open, peer, server } = await listeningServer(t);
  const [ws] = [await open()];
  const seen = await peer(0);
  const closing = closeOf(ws);
  await Promise.all([server.stop(), server.stop()]);
  assert.deepEqual(await closing, { code: 1001, reason: 'going_away' });
  assert.equal(await seen.closed, 1001);
  assert.equal(server.connections(), 0);
});

test('[T9] a peer that does not answer the close is gone after the time allowed', async t => {
  const { port, peer, server } = await listeningServer(t, { limits: { closeTimeoutMs: 50 } });
  const socket = await rawSocket(t, port);
  socket.write(`${HANDSHAKE_HEAD}\r\n\r\n`);
  const seen = await peer(0);
  const ended = once(socket, 'close');
  seen.peer.close(4450, 'drained');
  assert.equal(await seen.closed, 4450);
  socket.resume();
  await ended;
  assert.equal(server.connections(), 0);
});

test('[T9] what was queued leaves before the close frame, and nothing after it', async t => {
  const { open, peer } = await listeningServer(t);
  const ws = await open();
  const seen = await peer(0);
  const messages: string[] = [];
  ws.on('message', data => messages.push(data.toString()));
  seen.peer.send(textFrame('one'));
  seen.peer.send(textFrame('two'));
  seen.peer.close(4409, 'replaced');
  seen.peer.close(4410, 'disconnected');
  assert.equal(seen.peer.send(textFrame('three')), 'closed');
  assert.deepEqual(await closeOf(ws), { code: 4409, reason: 'replaced' });
  assert.deepEqual(messages, ['one', 'two']);
  assert.equal(await seen.closed, 4409);
});

test('[X5] a close reason is cut to 123 bytes between characters, and a code that may not be sent is 1011', async t => {
  const { open, peer } = await listeningServer(t);
  const [first, second] = [await open(), await open()];
  (await peer(0)).peer.close(4400, 'é'.repeat(100));
  assert.equal((await closeOf(first)).reason, 'é'.repeat(61));
  (await peer(1)).peer.close(1006, 'abnormal');
  assert.equal((await closeOf(second)).code, 1011);
});

test('[T9] the handler is told the code of the peer, and it is counted', async t => {
  const { open, peer, metrics } = await listeningServer(t);
  const [normal, odd, broken] = [await open(), await open(), await open()];
  normal.close(1000);
  assert.equal(await (await peer(0)).closed, 1000);
  odd.close(3999);
  assert.equal(await (await peer(1)).closed, 3999);
  broken.terminate();
  assert.equal(await (await peer(2)).closed, 1006);
  assert.equal(metrics.value('kittiwake_disconnects_total', { code: '1000', reason: 'normal' }), 1);
  assert.equal(metrics.value('kittiwake_disconnects_total', { code: 'other', reason: 'other' }), 1);
  assert.equal(metrics.value('kittiwake_disconnects_total', { code: '1006', reason: 'abnormal' }), 1);
  assert.equal(metrics.value('kittiwake_connections_active'), 0);
});

test('[T3] plain requests get routes, 426 on the endpoint, or 404', async t => {
  const routes = {
    handle(request: { url?: string | undefined }, response: { end(body: string): unknown }) {
      if (request.url === '/broken') throw new Error('a bug');
      if (request.url !== '/') return false;
      response.end('demo');
      return true;
    },
  };
  const { port } = await listeningServer(t, { routes });
  const get = async (path: string) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`);
    return [response.status, await response.text()];
  };
  assert.deepEqual(await get('/'), [200, 'demo']);
  assert.deepEqual(await get('/v1/ws'), [426, '{"error":{"kind":"upgrade_required"}}']);
  assert.deepEqual(await get('/nothing'), [404, '{"error":{"kind":"not_found"}}']);
  assert.deepEqual(await get('/broken'), [500, '']);
});

test('[T3] a port that is taken is a failure of start', async t => {
  const { port } = await listeningServer(t);
  const { server } = await listeningServer(t);
  await assert.rejects(server.start(port, '127.0.0.1'), /ERR_SERVER_ALREADY_LISTEN|EADDRINUSE/);
});

test('[T1] a refusal says everything that a client needs', async t => {
  const { port } = await listeningServer(t);
  const socket = await rawSocket(t, port);
  socket.write(`${HANDSHAKE_HEAD.replace('Version: 13', 'Version: 9')}\r\n\r\n`);
  const answer = await readAll(socket);
  assert.match(answer, /^HTTP\/1\.1 426 Upgrade Required\r\n/);
  assert.match(answer, /\r\nSec-WebSocket-Version: 13\r\n/);
  assert.match(answer, /\r\n\r\n\{"error":\{"kind":"unsupported_version"\}\}$/);
});
