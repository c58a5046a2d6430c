import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { systemClock } from '@kittiwake/base';
import { until } from '@kittiwake/testkit';
import { secret } from './lib/access.ts';
import { apply, desiredState, remove, synthesise, untilReady } from './lib/deploy.ts';
import { inNamespace, list, NAMESPACE, SKIP } from './lib/kubectl.ts';
import { record, startReport } from './lib/report.ts';

const READY_MS = 120_000;

describe('the deploy', { skip: SKIP, timeout: 600_000 }, () => {
  test('[G1] one apply on an empty cluster, and everything is ready in 120 s', async () => {
    startReport();
    await remove(await synthesise());
    const dist = await synthesise();
    const startedMs = systemClock.monotonicMs();
    await apply(dist);
    await untilReady(READY_MS);
    const tookMs = systemClock.monotonicMs() - startedMs;
    record('apply on an empty cluster to everything ready', tookMs / 1_000, 's (≤ 120)');
    assert.ok(tookMs <= READY_MS);
  });

  test('[G4] a second apply changes nothing', async () => {
    const before = await desiredState();
    await apply(await synthesise());
    assert.deepEqual(await desiredState(), before);
  });

  test('[G5] the Secrets were made in the cluster, and only those', async () => {
    const names = (await list('secrets', '-n', NAMESPACE)).map(({ metadata }) => metadata.name);
    assert.deepEqual(names.toSorted(), [
      'kittiwake-api-key',
      'kittiwake-controller-tls',
      'kittiwake-operations-key',
      'kittiwake-redis',
      'kittiwake-signing-keys',
      'kittiwake-tls',
    ]);
  });

  test('[G6] the autoscaler reads the gateways’ connections with nothing else installed', async () => {
    const path = 'jsonpath={.status.currentMetrics[0].pods.current.averageValue}';
    const value = await until(
      async () => (await inNamespace('get', 'hpa', 'gateway', '-o', path)) || undefined,
      {
        timeoutMs: 60_000,
        what: 'a metric at the autoscaler',
      },
    );
    assert.match(value, /^[0-9]+m?$/);
  });

  test('[G5] other images upgrade cleanly: gateways roll, Secrets stay, the bootstrap runs anew', async () => {
    const keyBefore = await secret('kittiwake-signing-keys', 'current');
    const jobsBefore = (await list('jobs', '-n', NAMESPACE)).map(({ metadata }) => metadata.name);
    // The same image by its full name: another image to Kubernetes, and already on the nodes.
    const startedMs = systemClock.monotonicMs();
    await apply(await synthesise({ KITTIWAKE_IMAGE_REGISTRY: 'docker.io' }));
    await inNamespace('rollout', 'status', 'deployment/gateway', '--timeout=50s');
    await untilReady(180_000);
    record(
      'upgrade to other images, everything rolled',
      (systemClock.monotonicMs() - startedMs) / 1_000,
      's',
    );
    assert.equal(await secret('kittiwake-signing-keys', 'current'), keyBefore);
    const jobs = await until(
      async () => {
        const all = await list('jobs', '-n', NAMESPACE);
        return all.length === 1 && all.every(({ status }) => status?.succeeded === 1) ? all : undefined;
      },
      { timeoutMs: 60_000, what: 'the new bootstrap Job done, and the old one gone' },
    );
    assert.ok(jobs.every(({ metadata }) => !jobsBefore.includes(metadata.name)));
  });
});
