import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import {
  clientFrame,
  closeOf,
  HANDSHAKE_HEAD,
  listeningServer,
  rawSocket,
  rawWebSocket,
  readAll,
  textFrame,
} from './test/listening-server.ts';

const TEXT = 0x81;
const TEXT_BEGIN = 0x01;
const CONTINUE = 0x00;

/** The code in the close frame that a raw connection got, after everything else. */
function closeCodeIn(bytes: string): number {
  const at = bytes.lastIndexOf('\x88');
  return (bytes.charCodeAt(at + 2) << 8) | bytes.charCodeAt(at + 3);
}

test('[T3] a huge subprotocol header is answered 431, and counted', async t => {
  const { port, metrics, open } = await listeningServer(t);
  const socket = await rawSocket(t, port);
  socket.write(`${HANDSHAKE_HEAD}\r\nSec-WebSocket-Protocol: kittiwake.token.${'x'.repeat(20_000)}\r\n\r\n`);
  assert.match(await readAll(socket), /^HTTP\/1\.1 431 /);
  assert.equal(metrics.value('kittiwake_handshakes_total', { result: 'header_too_large' }), 1);
  await open();
});

test('[T3] a handshake that comes too slowly is answered 408, and others are not kept waiting', async t => {
  const { port, metrics, open } = await listeningServer(t, { limits: { handshakeTimeoutMs: 100 } });
  const [silent, slow] = [await rawSocket(t, port), await rawSocket(t, port)];
  slow.write('GET /v1/ws HTTP/1.1\r\nHost: te');
  await open();
  const answers = await Promise.all([readAll(silent), readAll(slow)]);
  assert.match(answers[1], /^HTTP\/1\.1 408 /);
  assert.equal(metrics.value('kittiwake_handshakes_total', { result: 'timeout' }), 2);
});

test('[T3] what is no HTTP is answered 400', async t => {
  const { port } = await listeningServer(t);
  const socket = await rawSocket(t, port);
  socket.write('\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03');
  assert.match(await readAll(socket), /^HTTP\/1\.1 400 /);
});

test('[T3] connections that never ask for anything are bounded in number', async t => {
  const { port, open } = await listeningServer(t, {
    limits: { connectionsMax: 1, pendingConnectionsMax: 1 },
  });
  await open();
  await rawSocket(t, port);
  const third = await rawSocket(t, port);
  assert.equal(await readAll(third), '');
});

test('[M5] a message over the limit closes with 1009', async t => {
  const { open, peer } = await listeningServer(t);
  const ws = await open();
  ws.send('x'.repeat(65_537));
  assert.equal((await closeOf(ws)).code, 1009);
  const seen = await peer(0);
  assert.equal(await seen.closed, 1009);
  assert.equal(seen.received.length, 0);
});

test('[M5] a message at the limit arrives', async t => {
  const { open, peer } = await listeningServer(t);
  (await open()).send('x'.repeat(65_536));
  assert.equal((await (await peer(0)).message(0)).length, 65_536);
});

test('[M5] a message over the limit in fragments closes with 1009', async t => {
  const { port, peer } = await listeningServer(t);
  const socket = await rawWebSocket(t, port);
  const part = Buffer.alloc(40_000, 'x');
  socket.write(clientFrame(TEXT_BEGIN, part));
  socket.write(clientFrame(CONTINUE, part));
  assert.equal(await (await peer(0)).closed, 1009);
});

test('[T8] text that is not UTF-8 closes with 1007', async t => {
  const { port, peer } = await listeningServer(t);
  const socket = await rawWebSocket(t, port);
  socket.write(clientFrame(TEXT, Buffer.from([0xff, 0xfe])));
  assert.equal(closeCodeIn(await readAll(socket)), 1007);
  assert.equal(await (await peer(0)).closed, 1007);
});

test('[T8] a frame without a mask, and one with a reserved bit, close with 1002', async t => {
  const { port, peer } = await listeningServer(t);
  const [unmasked, reserved] = [await rawWebSocket(t, port), await rawWebSocket(t, port)];
  unmasked.write(Buffer.from([TEXT, 1, 0x61]));
  reserved.write(clientFrame(0xc1, Buffer.from('x')));
  assert.deepEqual([await (await peer(0)).closed, await (await peer(1)).closed], [1002, 1002]);
});

test('[T8] too many fragments close with 1008, however small they are', async t => {
  const { port, peer } = await listeningServer(t);
  const socket = await rawWebSocket(t, port);
  socket.write(clientFrame(TEXT_BEGIN, Buffer.alloc(0)));
  socket.write(Buffer.concat(Array.from({ length: 200 }, () => clientFrame(CONTINUE, Buffer.alloc(0)))));
  const seen = await peer(0);
  assert.equal(await seen.closed, 1008);
  assert.equal(seen.received.length, 0);
});

test('[T2] binary on a JSON peer and text on a MessagePack peer close with 1003', async t => {
  const { open, peer } = await listeningServer(t);
  const [json, msgpack] = [await open(['kittiwake.v1']), await open(['kittiwake.v1.msgpack'])];
  json.send(Buffer.from('{}'));
  msgpack.send('{}');
  const closes = await Promise.all([closeOf(json), closeOf(msgpack)]);
  assert.deepEqual(
    closes.map(({ code }) => code),
    [1003, 1003],
  );
  assert.equal((await peer(0)).received.length + (await peer(1)).received.length, 0);
});

test('[X6] a bug in handling one message closes that peer with 1011, and no other', async t => {
  const { open, metrics } = await listeningServer(t, {
    receive(data, peer) {
      if (data === 'bug') throw new Error('a bug');
      peer.send(textFrame(`echo ${data}`));
    },
  });
  const [unlucky, other] = [await open(), await open()];
  unlucky.send('bug');
  assert.equal((await closeOf(unlucky)).code, 1011);
  other.send('hello');
  const [echo] = await once(other, 'message');
  assert.equal(echo.toString(), 'echo hello');
  assert.equal(metrics.value('kittiwake_assertion_failures_total', { room: 'session' }), 1);
});

test('[X3] a flood of one client does not keep another from its answers', async t => {
  const { open, port, peer } = await listeningServer(t, {
    receive: (_data, p) => void p.send(textFrame('echo')),
  });
  const neighbour = await open();
  const flooder = await rawWebSocket(t, port);
  flooder.resume();
  const small = clientFrame(TEXT, Buffer.from('x'));
  const burst = Buffer.concat(Array.from({ length: 5_000 }, () => small));
  for (let n = 0; n < 10; n += 1) flooder.write(burst);
  for (let n = 0; n < 20; n += 1) {
    neighbour.send(`${n}`);
    await once(neighbour, 'message');
  }
  const seen = await peer(1);
  await seen.message(49_999);
  assert.equal(seen.received.length, 50_000);
});

test('[T8] a flood of pings is answered or ended, and costs bounded memory', async t => {
  const { port, peer, open } = await listeningServer(t);
  const socket = await rawWebSocket(t, port);
  const burst = Buffer.concat(Array.from({ length: 2_000 }, () => clientFrame(0x89, Buffer.alloc(125))));
  for (let n = 0; n < 40; n += 1) socket.write(burst);
  assert.equal(await (await peer(0)).closed, 1006);
  await open();
});
