import assert from 'node:assert/strict';
import { test } from 'node:test';
import { err, ok, type Result } from '@kittiwake/base';
import { createFakeClock, createSeededRandom } from '@kittiwake/testkit';
import { LIFETIMES, type ServingMaterial } from '../certificates/serving-material.ts';
import { noMetrics } from '../telemetry/metrics.ts';
import type { ApplyError } from './apply.ts';
import { createMetricsApiWork } from './metrics-api-work.ts';
import type { StoredMaterial } from './observed.ts';
import { Reconciler, type ReconcileWork } from './reconciler.ts';

/** A cluster with one Secret and one APIService that counts what is written to it. */
class FakeCluster {
  material: StoredMaterial = { kind: 'absent' };
  caPem = '';
  writes = 0;
  hasLease = true;
  isAway = false;

  readonly observing = {
    readMaterial: async (): Promise<Result<StoredMaterial, ApplyError>> =>
      this.isAway ? AWAY : ok(this.material),
    readApiService: async (name: string) => ok({ name, caPem: this.caPem }),
  };

  readonly ports = {
    holdsLease: () => this.hasLease,
    storeMaterial: async (material: ServingMaterial) => {
      this.writes += 1;
      this.material = { kind: 'present', version: String(this.writes), material };
      return ok();
    },
    trust: async (_name: string, caPem: string) => {
      this.writes += 1;
      this.caPem = caPem;
      return ok();
    },
    announce: () => {},
  };
}

const AWAY: Result<never, ApplyError> = err({ kind: 'cluster', message: 'away' });

function create() {
  const clock = createFakeClock();
  const cluster = new FakeCluster();
  const { observing, ports } = cluster;
  const hosts = ['controller.kittiwake.svc'];
  const context = { ports, clock, random: createSeededRandom(1), hosts, lifetimes: LIFETIMES };
  const errors: string[] = [];
  const work = createMetricsApiWork(observing, { hosts, apiServices: ['v1beta2.x'] }, context);
  let underWay: Promise<unknown> = Promise.resolve();
  const begin: ReconcileWork = () => {
    const done = work();
    underWay = done;
    return done;
  };
  const reconciler = new Reconciler({
    clock,
    metrics: noMetrics,
    work: new Map([['metrics-api', begin]]),
    resyncMs: 30_000,
    onError: (_key, error) => errors.push(error.kind),
    onFailure: (_name, reason) => assert.fail(String(reason)),
  });
  /** Lets `ms` pass, and waits for the work that this began: making certificates takes real time. */
  const run = async (ms: number): Promise<void> => {
    await clock.run(ms);
    await underWay;
    await clock.run(0);
  };
  return { clock, cluster, reconciler, errors, run };
}

test('[R6] brings the cluster to the desired state once, and then writes nothing', async () => {
  const { cluster, reconciler, run } = create();
  reconciler.start();
  await run(1_000);
  await run(10 * 60_000);
  assert.equal(cluster.writes, 2);
  assert.equal(cluster.material.kind === 'present' && cluster.material.material.caPem, cluster.caPem);
});

test('[R6] repairs what was changed by hand at the next resync', async () => {
  const { cluster, reconciler, run } = create();
  reconciler.start();
  await run(1_000);
  cluster.caPem = '';
  await run(31_000);
  assert.notEqual(cluster.caPem, '');
});

test('[R5] rotates the certificate as time goes by', async () => {
  const { clock, cluster, reconciler, run } = create();
  reconciler.start();
  await run(1_000);
  reconciler.stop();
  clock.advance(61 * 86_400_000);
  reconciler.start();
  await run(1_000);
  assert.equal(cluster.writes, 3);
});

test('[R3] a replica whose lease is gone writes nothing', async () => {
  const { cluster, reconciler, errors, run } = create();
  cluster.hasLease = false;
  reconciler.start();
  await run(100);
  assert.equal(cluster.writes, 0);
  assert.deepEqual(errors, ['not_leading']);
});

test('[R3] a lease that ends while the certificate is made is not acted upon', async () => {
  const { cluster, reconciler, errors, run } = create();
  const answers = [true, false];
  cluster.ports.holdsLease = () => answers.shift() ?? false;
  reconciler.start();
  await run(100);
  assert.equal(cluster.writes, 0);
  assert.deepEqual(errors, ['not_leading']);
});

test('[R7] an API server that is away is asked less and less, and found again', async () => {
  const { cluster, reconciler, errors, run } = create();
  cluster.isAway = true;
  reconciler.start();
  await run(60_000);
  assert.ok(errors.length >= 5 && errors.length <= 10, `${errors.length} attempts in a minute`);
  cluster.isAway = false;
  await run(31_000);
  assert.equal(cluster.writes, 2);
});

test('[R7] after stop nothing waits any more', async () => {
  const { clock, reconciler, run } = create();
  reconciler.start();
  await run(1_000);
  reconciler.stop();
  reconciler.enqueue('metrics-api');
  assert.equal(clock.timers, 0);
});
