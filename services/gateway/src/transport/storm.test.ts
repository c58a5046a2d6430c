import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { createFakeClock } from '@kittiwake/testkit';
import { WebSocket } from 'ws';
import { closeOf, HANDSHAKE_HEAD, listeningServer, rawSocket, readAll } from './test/listening-server.ts';

/** The least that admission can be: of ten at once six may be new, as half of the others' places are lent; then hardly anybody. */
const STORM = { bounds: { perSecondMin: 1, perSecondMax: 1 }, burst: 10, retryAfterMaxMs: 20_000 };
const NEW_AT_ONCE = 6;
const BROWSER = { headers: { origin: 'https://app.example' } };
const LIMITS = { origins: ['https://app.example'] };

/** A port at which as many as may have just come, on a clock that stands still. */
async function stormyServer(t: Parameters<typeof listeningServer>[0], admission = STORM) {
  const server = await listeningServer(t, { limits: LIMITS, clock: createFakeClock(), admission });
  for (let n = 0; n < NEW_AT_ONCE; n += 1) await server.open();
  return server;
}

/** The whole answer to a handshake with these headers. */
async function answerTo(
  t: Parameters<typeof listeningServer>[0],
  port: number,
  headers = '',
): Promise<string> {
  const socket = await rawSocket(t, port);
  socket.write(`${HANDSHAKE_HEAD}${headers}\r\n\r\n`);
  return readAll(socket);
}

test('[L6] who is too many is refused before the upgrade, and told when to come back', async t => {
  const { port, peers, metrics } = await stormyServer(t);
  const answer = await answerTo(t, port);
  assert.match(answer, /^HTTP\/1\.1 503 Service Unavailable\r\n/);
  assert.match(answer, /\r\n\r\n\{"error":\{"kind":"storm"\}\}$/);
  const seconds = Number(/\r\nRetry-After: (\d+)\r\n/.exec(answer)?.[1]);
  assert.ok(seconds >= 1 && seconds <= 20, answer);
  assert.equal(peers.length, NEW_AT_ONCE);
  assert.equal(metrics.value('kittiwake_handshakes_total', { result: 'storm' }), 1);
  const labels = { reason: 'rate', client: 'new', told: 'header' };
  assert.equal(metrics.value('kittiwake_admission_refused_total', labels), 1);
});

test('[L6] a storm is refused before anything of the handshake is looked at', async t => {
  const { port } = await stormyServer(t);
  assert.match(await answerTo(t, port, '\r\nSec-WebSocket-Protocol: ,,,'), /"storm"/);
});

test('[L7] a session to resume gets in where a new one does not, and the hint is not answered', async t => {
  const { port } = await stormyServer(t, { ...STORM, burst: 50 });
  const fill = Array.from({ length: 50 }, () => answerTo(t, port, '\r\nOrigin: https://evil.example'));
  assert.ok(
    (await Promise.all(fill)).some(answer => answer.includes('"storm"')),
    'no new one gets in',
  );
  const resume = new WebSocket(`ws://127.0.0.1:${port}/v1/ws`, ['kittiwake.v1', 'kittiwake.resume']);
  t.after(() => resume.terminate());
  await once(resume, 'open');
  assert.equal(resume.protocol, 'kittiwake.v1');
});

test('[L8] a browser that is too many is told by goaway, closed with 1013, and no connection to anybody', async t => {
  const { port, peers, metrics } = await stormyServer(t);
  const ws = new WebSocket(`ws://127.0.0.1:${port}/v1/ws`, [], BROWSER);
  const [[message], { code, reason }] = await Promise.all([once(ws, 'message'), closeOf(ws)]);
  assert.match(message.toString(), /^in \d+ ms$/);
  assert.deepEqual([code, reason], [1013, 'try_again_later']);
  assert.equal(peers.length, NEW_AT_ONCE);
  assert.equal(metrics.value('kittiwake_connections_active'), NEW_AT_ONCE);
  assert.equal(metrics.value('kittiwake_handshakes_total', { result: 'storm' }), 1);
  const labels = { reason: 'rate', client: 'new', told: 'goaway' };
  assert.equal(metrics.value('kittiwake_admission_refused_total', labels), 1);
});

test('[L8] so is a client that is no browser and says that it must be told', async t => {
  const { port, peers } = await stormyServer(t);
  const ws = new WebSocket(`ws://127.0.0.1:${port}/v1/ws`, ['kittiwake.v1', 'kittiwake.tell']);
  const [[message], { code }] = await Promise.all([once(ws, 'message'), closeOf(ws)]);
  assert.match(message.toString(), /^in \d+ ms$/);
  assert.deepEqual([ws.protocol, code, peers.length], ['kittiwake.v1', 1013, NEW_AT_ONCE]);
});

test('[L8] those who are too many to be told find that the handshake failed', async t => {
  const { port, metrics } = await stormyServer(t);
  const answers = await Promise.all([1, 2].map(() => answerTo(t, port, '\r\nOrigin: https://app.example')));
  assert.equal(answers.filter(answer => answer.startsWith('HTTP/1.1 101 ')).length, 1);
  assert.equal(answers.filter(answer => answer.startsWith('HTTP/1.1 503 ')).length, 1);
  const labels = { reason: 'rate', client: 'new', told: 'nothing' };
  assert.equal(metrics.value('kittiwake_admission_refused_total', labels), 1);
});

test('[L8] a browser of a foreign origin is not told, in a storm either', async t => {
  const { port } = await stormyServer(t);
  assert.match(await answerTo(t, port, '\r\nOrigin: https://evil.example'), /^HTTP\/1\.1 403 /);
});

test('[T9] a port that stops does not wait for browsers that are being told', async t => {
  const { port, server } = await stormyServer(t);
  const socket = await rawSocket(t, port);
  socket.write(`${HANDSHAKE_HEAD}\r\nOrigin: https://app.example\r\n\r\n`);
  await once(socket, 'data');
  await server.stop();
  assert.equal(server.connections(), 0);
});
