import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { delay, systemClock } from '@kittiwake/base';
import { listAt, numberAt, textAt } from '../src/decode/json-view.ts';
import { scriptedGateways } from './scripted-gateways.ts';
import { freePort, SKIP, TestCluster, type TestProcess } from './test-cluster.ts';

const NAMESPACE = 'kw-controller-hpa-test';
const METRIC = 'kittiwake_connections_active';
const LABELS = { 'app.kubernetes.io/name': 'kittiwake', 'app.kubernetes.io/component': 'gateway' };
const API_SERVICES = '/apis/apiregistration.k8s.io/v1/apiservices';
/** Where the cluster's pods and API server find a process of this test; see test-cluster. */
const ADDRESS = process.env['KITTIWAKE_TEST_ADDRESS'] ?? '10.88.0.1';
/** Answers like a gateway that has 150 connections. */
const GATEWAY = `require('http').createServer((_, r) => r.end('${METRIC} 150\\n')).listen(8200)`;

describe('a real autoscaler', { skip: SKIP, timeout: 240_000 }, () => {
  let cluster: TestCluster;
  let controller: TestProcess;
  let isOurs = false;

  before(async () => {
    cluster = await TestCluster.open(NAMESPACE);
    const present = await cluster.admin.call({
      method: 'GET',
      path: `${API_SERVICES}/v1beta2.custom.metrics.k8s.io`,
    });
    isOurs = !present.ok;
    if (!isOurs) return;
    const port = await freePort();
    await publish(cluster, port);
    await cluster.make(
      `/apis/apps/v1/namespaces/${NAMESPACE}/deployments`,
      scriptedGateways({ replicas: 2, labels: LABELS, script: GATEWAY }),
    );
    controller = await cluster.start('main.ts', 'controller', {
      POD_NAME: 'controller-a',
      KITTIWAKE_METRICS_API_PORT: String(port),
      KITTIWAKE_OPERATIONS_PORT: String(await freePort()),
      KITTIWAKE_SCRAPE_INTERVAL_MS: '1000',
    });
    await controller.event('metrics_api.listening');
    for (const version of ['v1beta1', 'v1beta2']) {
      await controller.event('decision', line => (textAt(line, 'note') ?? '').startsWith(version));
    }
  });
  after(() => cluster.close());

  test('[R21] scales a Deployment whose pods have more connections than the target', async context => {
    if (!isOurs) return context.skip('another custom.metrics.k8s.io is installed');
    await eventually('two ready gateways with values', async () => (await values(cluster)).length === 2);
    const beganAtMs = systemClock.monotonicMs();
    await cluster.make(`/apis/autoscaling/v2/namespaces/${NAMESPACE}/horizontalpodautoscalers`, autoscaler());
    await eventually('three replicas', async () => (await replicas(cluster)) === 3);
    context.diagnostic(
      `2 → 3 replicas ${((systemClock.monotonicMs() - beganAtMs) / 1_000).toFixed(1)} s after the autoscaler was made`,
    );
  });

  test('[R16] a caller without the right is refused by the cluster', async context => {
    if (!isOurs) return context.skip('another custom.metrics.k8s.io is installed');
    const path = `/apis/authorization.k8s.io/v1/subjectaccessreviews`;
    const spec = {
      user: `system:serviceaccount:${NAMESPACE}:bootstrap`,
      resourceAttributes: {
        group: 'custom.metrics.k8s.io',
        namespace: NAMESPACE,
        resource: 'pods',
        subresource: METRIC,
        name: '*',
        verb: 'get',
      },
    };
    const review = await cluster.make(path, { spec });
    assert.notEqual((review as { readonly status?: { readonly allowed?: boolean } }).status?.allowed, true);
  });

  test('[R14] the namespace metric is the sum', async context => {
    if (!isOurs) return context.skip('another custom.metrics.k8s.io is installed');
    const path = `/apis/custom.metrics.k8s.io/v1beta1/namespaces/${NAMESPACE}/metrics/${METRIC}`;
    await eventually('the sum of all', async () => {
      const answer = await cluster.admin.call({ method: 'GET', path });
      return answer.ok && Number(textAt(listAt(answer.value, 'items')[0], 'value')) % 150 === 0;
    });
  });
});

async function values(cluster: TestCluster): Promise<readonly unknown[]> {
  const path = `/apis/custom.metrics.k8s.io/v1beta2/namespaces/${NAMESPACE}/pods/%2A/${METRIC}`;
  const answer = await cluster.admin.call({
    method: 'GET',
    path,
    query: { labelSelector: 'app.kubernetes.io/component=gateway' },
  });
  return answer.ok ? listAt(answer.value, 'items') : [];
}

async function replicas(cluster: TestCluster): Promise<number | undefined> {
  return numberAt(
    await cluster.call({ method: 'GET', path: `/apis/apps/v1/namespaces/${NAMESPACE}/deployments/gateway` }),
    'spec',
    'replicas',
  );
}

/** Asks the cluster until it says so; it has no event for this. The suite's timeout is the bound. */
async function eventually(what: string, holds: () => Promise<boolean>): Promise<void> {
  const untilMs = systemClock.monotonicMs() + 120_000;
  while (!(await holds())) {
    assert.ok(systemClock.monotonicMs() < untilMs, `gave up waiting for ${what}`);
    await delay(systemClock, 250);
  }
}

/** Both APIServices, and a Service whose only endpoint is a process of this machine. */
async function publish(cluster: TestCluster, port: number): Promise<void> {
  await cluster.make(`/api/v1/namespaces/${NAMESPACE}/services`, {
    metadata: { name: 'controller' },
    spec: { ports: [{ name: 'metrics-api', port: 443, targetPort: port }] },
  });
  await cluster.make(`/apis/discovery.k8s.io/v1/namespaces/${NAMESPACE}/endpointslices`, {
    metadata: { name: 'controller-test', labels: { 'kubernetes.io/service-name': 'controller' } },
    addressType: 'IPv4',
    endpoints: [{ addresses: [ADDRESS], conditions: { ready: true } }],
    ports: [{ name: 'metrics-api', port }],
  });
  for (const version of ['v1beta1', 'v1beta2']) {
    await cluster.makeClusterScoped(API_SERVICES, {
      metadata: { name: `${version}.custom.metrics.k8s.io` },
      spec: {
        group: 'custom.metrics.k8s.io',
        version,
        groupPriorityMinimum: 100,
        versionPriority: version === 'v1beta2' ? 200 : 100,
        service: { namespace: NAMESPACE, name: 'controller', port: 443 },
      },
    });
  }
}

function autoscaler(): unknown {
  return {
    metadata: { name: 'gateway' },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'gateway' },
      minReplicas: 1,
      maxReplicas: 3,
      metrics: [
        {
          type: 'Pods',
          pods: { metric: { name: METRIC }, target: { type: 'AverageValue', averageValue: '100' } },
        },
      ],
    },
  };
}
