import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readControllerConfig } from './controller-config.ts';

const POD = { POD_NAME: 'controller-1', POD_NAMESPACE: 'kittiwake', KUBERNETES_SERVICE_HOST: '10.96.0.1' };

test('[R1] a pod needs its name, its namespace and nothing else', () => {
  const config = readControllerConfig(POD);
  assert.ok(config.ok);
  assert.equal(config.value.metricsApiPort, 8443);
  assert.deepEqual(config.value.apiServices, [
    'v1beta1.custom.metrics.k8s.io',
    'v1beta2.custom.metrics.k8s.io',
  ]);
  assert.deepEqual(config.value.access, { kind: 'in-cluster', host: '10.96.0.1', port: 443 });
});

test('[R1] every problem is reported, not only the first', () => {
  const config = readControllerConfig({
    POD_NAMESPACE: 'Not A Name',
    KITTIWAKE_METRICS_API_PORT: '99999',
    KITTIWAKE_SCRAPE_INTERVAL_MS: '1.5',
    KITTIWAKE_LEASE_RENEW_DEADLINE_MS: '20000',
    KITTIWAKE_GATEWAY_SELECTOR: 'a in (b',
    KITTIWAKE_REBALANCE_BEGIN_PERCENT: '5',
    KITTIWAKE_ACCEPT_PER_SECOND: '0',
    LOG_LEVEL: 'loud',
  });
  assert.ok(!config.ok);
  assert.deepEqual(config.error.map(({ variable }) => variable).sort(), [
    'KITTIWAKE_ACCEPT_PER_SECOND',
    'KITTIWAKE_GATEWAY_SELECTOR',
    'KITTIWAKE_LEASE_RENEW_DEADLINE_MS',
    'KITTIWAKE_METRICS_API_PORT',
    'KITTIWAKE_REBALANCE_BEGIN_PERCENT',
    'KITTIWAKE_SCRAPE_INTERVAL_MS',
    'KUBERNETES_SERVICE_HOST',
    'LOG_LEVEL',
    'POD_NAME',
    'POD_NAMESPACE',
  ]);
});

test('[R1] an empty list of APIServices means none', () => {
  const config = readControllerConfig({ ...POD, KITTIWAKE_API_SERVICES: '' });
  assert.ok(config.ok);
  assert.deepEqual(config.value.apiServices, []);
});
