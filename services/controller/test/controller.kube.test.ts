import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { systemClock } from '@kittiwake/base';
import { textAt } from '../src/decode/json-view.ts';
import { freePort, SKIP, TestCluster, type TestProcess } from './test-cluster.ts';

const LEASE = '/apis/coordination.k8s.io/v1/namespaces/kw-controller-test/leases/kittiwake-controller';
const SECRET = '/api/v1/namespaces/kw-controller-test/secrets/kittiwake-controller-tls';

describe('two replicas on a real cluster', { skip: SKIP, timeout: 120_000 }, () => {
  let cluster: TestCluster;
  let first: TestProcess;
  let second: TestProcess;

  const replica = async (name: string): Promise<TestProcess> =>
    cluster.start('main.ts', 'controller', {
      POD_NAME: name,
      KITTIWAKE_API_SERVICES: '',
      KITTIWAKE_METRICS_API_PORT: String(await freePort()),
      KITTIWAKE_OPERATIONS_PORT: String(await freePort()),
    });

  before(async () => {
    cluster = await TestCluster.open('kw-controller-test');
    first = await replica('controller-a');
    await first.event('decision', line => textAt(line, 'reason') === 'LeaderElected');
    second = await replica('controller-b');
  });
  after(() => cluster.close());

  test('[R5] the leader makes the certificate, and both replicas serve with it', async () => {
    await first.event('metrics_api.listening');
    await second.event('metrics_api.listening');
    const secret = await cluster.call({ method: 'GET', path: SECRET });
    assert.ok((textAt(secret, 'data', 'tls.crt') ?? '').length > 0);
  });

  test('[R3] kill -9 of the leader: the other one leads within the lease and one retry', async context => {
    await second.event('gateways.listed');
    const killedAtMs = systemClock.monotonicMs();
    await first.kill('SIGKILL');
    await second.event('decision', line => textAt(line, 'reason') === 'LeaderElected');
    const tookMs = systemClock.monotonicMs() - killedAtMs;
    context.diagnostic(`taken over after ${Math.round(tookMs)} ms`);
    assert.ok(tookMs < 17_500, `took ${tookMs} ms`);
  });

  test('[R4] SIGTERM releases the lease, and the next replica leads at once', async context => {
    const third = await replica('controller-c');
    await third.event('gateways.listed');
    const stoppedAtMs = systemClock.monotonicMs();
    assert.equal(await second.kill('SIGTERM'), 0);
    await third.event('decision', line => textAt(line, 'reason') === 'LeaderElected');
    const tookMs = systemClock.monotonicMs() - stoppedAtMs;
    context.diagnostic(`handed over after ${Math.round(tookMs)} ms`);
    assert.ok(tookMs < 5_000, `took ${tookMs} ms`);
    assert.match(
      textAt(await cluster.call({ method: 'GET', path: LEASE }), 'spec', 'holderIdentity') ?? '',
      /^controller-c_/,
    );
  });
});
