import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { type TestContext, test } from 'node:test';
import { ok } from '@kittiwake/base';
import { createPrometheusMetrics } from '../metrics/prometheus-metrics.ts';
import { silentLogger } from '../telemetry/logger.ts';
import type { GatewayStatus } from './gateway-status.ts';
import { createOperationsServer, type OperationsParts } from './operations-server.ts';

const STATUS: GatewayStatus = {
  gateway: 'gateway-a',
  version: '0.0.0',
  phase: 'serving',
  connections: 4,
  sessions: 3,
  channels: 2,
  shedding: null,
  broker: 'ready',
  startedAtMs: 1,
};

async function operations(t: TestContext, parts: Partial<OperationsParts> = {}) {
  const server = createOperationsServer({
    live: [],
    ready: [],
    render: () => createPrometheusMetrics({ runtime: false }).render(),
    status: () => STATUS,
    handover: {
      drain: { phase: 'serving', release: () => Promise.resolve() },
      shed: { start: sessions => ok({ sessions, doneInMs: 1 }), stop: () => {} },
      sessions: () => 3,
      windowMs: 30_000,
      keyFits: offered => offered === 'right',
    },
    log: silentLogger,
    ...parts,
  });
  const port = await server.start(0, '127.0.0.1');
  t.after(() => server.stop());
  const get = (path: string, method = 'GET') => fetch(`http://127.0.0.1:${port}${path}`, { method });
  return { port, get, server };
}

test('[D5] a gateway that is well is alive and ready', async t => {
  const { get } = await operations(t);
  for (const path of ['/livez', '/readyz']) {
    const response = await get(path);
    assert.deepEqual([response.status, await response.json()], [200, { ready: true }]);
  }
});

test('[D5] a gateway that is not ready says why, and is alive nevertheless', async t => {
  const { get } = await operations(t, { ready: [{ name: 'drain', check: () => 'draining' }] });
  const response = await get('/readyz');
  assert.equal(response.status, 503);
  assert.deepEqual(await response.json(), {
    ready: false,
    reasons: [{ source: 'drain', reason: 'draining' }],
  });
  assert.equal((await get('/livez')).status, 200);
});

test('[D5] metrics come in the format of Prometheus', async t => {
  const { get } = await operations(t);
  const response = await get('/metrics');
  assert.match(response.headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/);
  assert.match(await response.text(), /^kittiwake_connections_active 0$/m);
});

test('[D5] HEAD has no body, other methods are 405, other paths 404', async t => {
  const { get } = await operations(t);
  const head = await get('/readyz', 'HEAD');
  assert.deepEqual([head.status, await head.text()], [200, '']);
  const post = await get('/readyz', 'POST');
  assert.deepEqual([post.status, post.headers.get('allow')], [405, 'GET, HEAD']);
  assert.equal((await get('/debug')).status, 404);
});

test('[D5] a renderer that fails is a 500 without internals', async t => {
  const { get } = await operations(t, { render: () => Promise.reject(new Error('secret')) });
  const response = await get('/metrics');
  assert.deepEqual([response.status, await response.text()], [500, '{"error":{"kind":"internal"}}']);
});

test('[D5] nonsense ends its connection and nothing else; stopping twice is stopping once', async t => {
  const { port, get, server } = await operations(t);
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  socket.end('nonsense\r\n\r\n');
  socket.resume();
  await once(socket, 'close');
  assert.equal((await get('/livez')).status, 200);
  await Promise.all([server.stop(), server.stop()]);
  await assert.rejects(get('/livez'));
});

test('[D10] the status says how the gateway stands', async t => {
  const { get } = await operations(t);
  const response = await get('/status');
  assert.deepEqual([response.status, await response.json()], [200, STATUS]);
});

test('[D10] a hand-over is asked for with POST and the operations key', async t => {
  const { port, get } = await operations(t);
  const ask = (headers: Record<string, string>, body: string) =>
    fetch(`http://127.0.0.1:${port}/handover`, { method: 'POST', headers, body });
  const command = JSON.stringify({ do: 'shed', sessions: 3, perSecond: 10 });
  const begun = await ask({ authorization: 'Bearer right' }, command);
  assert.deepEqual([begun.status, await begun.json()], [202, { do: 'shed', sessions: 3, doneInMs: 1 }]);
  assert.equal((await ask({}, command)).status, 401);
  const read = await get('/handover');
  assert.deepEqual([read.status, read.headers.get('allow')], [405, 'POST']);
});

test('[D10] a command that is too long is not read to its end', async t => {
  const { port } = await operations(t);
  const response = await fetch(`http://127.0.0.1:${port}/handover`, {
    method: 'POST',
    headers: { authorization: 'Bearer right' },
    body: 'x'.repeat(100_000),
  });
  assert.equal(response.status, 413);
});
