import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GATEWAY_METRICS, RUNTIME_METRICS } from '@kittiwake/metrics-catalog';
import { createPrometheusMetrics } from './prometheus-metrics.ts';

test('[O10] every metric of the catalogue is exported with its kind and help', async () => {
  const { body, contentType } = await createPrometheusMetrics({ runtime: false }).render();
  assert.match(contentType, /^text\/plain; version=0\.0\.4/);
  for (const [name, metric] of Object.entries(GATEWAY_METRICS)) {
    assert.ok(body.includes(`# TYPE ${name} ${metric.kind}\n`), name);
  }
});

test('[O12] series that the catalogue lists are exported before they first happen', async () => {
  const { body } = await createPrometheusMetrics({ runtime: false }).render();
  assert.match(body, /^kittiwake_publications_total\{level="primary",result="acked"\} 0$/m);
  assert.match(body, /^kittiwake_connections_active 0$/m);
});

test('[O11] label values without bound are counted together as other', async () => {
  const metrics = createPrometheusMetrics({ runtime: false });
  for (let n = 0; n < 2_000; n += 1) metrics.count('kittiwake_errors_total', 1, { kind: `made-up-${n}` });
  const { body } = await metrics.render();
  const series = body.split('\n').filter(line => line.startsWith('kittiwake_errors_total{'));
  assert.ok(series.length <= 256, `${series.length} series`);
  assert.equal(
    series.reduce((sum, line) => sum + Number(line.split(' ')[1]), 0),
    2_000,
  );
  assert.ok(series.some(line => line.startsWith('kittiwake_errors_total{kind="other"}')));
});

test('[O10] the runtime metrics of the catalogue are there, and the process is told as it is', async () => {
  const metrics = createPrometheusMetrics();
  const toldOf = (body: string, name: string): number =>
    Number(new RegExp(`^${name} (.+)$`, 'm').exec(body)?.[1] ?? Number.NaN);
  const first = (await metrics.render()).body;
  for (const name of Object.keys(RUNTIME_METRICS)) assert.match(first, new RegExp(`^# TYPE ${name} `, 'm'));
  const { rss, heapUsed } = process.memoryUsage();
  const near = (value: number, expected: number): boolean => value > expected / 2 && value < expected * 2;
  assert.ok(near(toldOf(first, 'process_resident_memory_bytes'), rss));
  assert.ok(near(toldOf(first, 'nodejs_heap_size_used_bytes'), heapUsed));
  const second = (await metrics.render()).body;
  const cpu = 'process_cpu_seconds_total';
  assert.ok(toldOf(first, cpu) > 0 && toldOf(second, cpu) >= toldOf(first, cpu));
  const { user, system } = process.cpuUsage();
  assert.ok(toldOf(second, cpu) <= (user + system) / 1_000_000);
});

test('[O14] nothing that is scraped costs more with every connection', async () => {
  const { body } = await createPrometheusMetrics().render();
  assert.doesNotMatch(body, /^(process_open_fds|nodejs_active_)/m);
});
