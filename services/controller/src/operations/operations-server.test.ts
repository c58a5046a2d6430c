import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sumOf } from '../gateways/exposition.ts';
import { createPrometheusMetrics } from '../telemetry/prometheus-metrics.ts';
import { OperationsServer } from './operations-server.ts';
import { unreadyReasons } from './readiness.ts';

const READY = { isServing: true, hasListedGateways: true, hasScraped: true, isStopping: false };

test('[R17] readiness follows its conditions, liveness does not', async context => {
  let conditions = { ...READY, isServing: false };
  const metrics = createPrometheusMetrics();
  const server = new OperationsServer({
    unreadyReasons: () => unreadyReasons(conditions),
    exposition: async () => ({ contentType: metrics.contentType, text: await metrics.exposition() }),
    onFailure: (_name, reason) => assert.fail(String(reason)),
  });
  const port = await server.start(0);
  context.after(() => server.stop());
  const get = async (path: string) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`);
    return { code: response.status, text: await response.text() };
  };
  assert.deepEqual(await get('/readyz'), { code: 503, text: 'no serving certificate yet\n' });
  assert.equal((await get('/livez')).code, 200);
  conditions = READY;
  assert.equal((await get('/readyz')).code, 200);
  conditions = { ...READY, isStopping: true };
  assert.deepEqual(await get('/readyz?verbose'), { code: 503, text: 'stopping\n' });
  assert.equal((await get('/elsewhere')).code, 404);
  metrics.set('kittiwake_controller_leader', 1);
  metrics.count('kittiwake_controller_scrapes_total', 2, { result: 'ok' });
  const page = (await get('/metrics')).text;
  assert.deepEqual(sumOf(page, 'kittiwake_controller_leader'), { ok: true, value: 1 });
  assert.deepEqual(sumOf(page, 'kittiwake_controller_scrapes_total'), { ok: true, value: 2 });
});
