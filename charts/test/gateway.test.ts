import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseConfig } from '../../services/gateway/src/config/parse-config.ts';
import { gatewayConfig } from '../src/constructs/gateway-config.ts';
import { ENVIRONMENTS } from '../src/environments/environment.ts';
import { rolloutBudget } from '../src/rollout-budget.ts';
import { at, environment, find, type Json, manifestsOf, specOf } from './synthesise.ts';

const values = environment('local');
const budget = rolloutBudget(values);
const manifests = manifestsOf(values);
const deployment = specOf(manifests, 'Deployment', 'gateway');
const pod = at(deployment, 'template', 'spec');
const container = at(pod, 'containers', 0);

describe('the gateways', () => {
  test('[G6] have no number of replicas of their own: it is the autoscaler’s', () => {
    assert.equal('replicas' in deployment, false);
  });
  test('[G6] are never fewer during a rollout', () => {
    assert.equal(at(deployment, 'strategy', 'rollingUpdate', 'maxUnavailable'), 0);
  });
  test('[G6] come in the waves of the budget during a rollout, and are ready for a while before the old ones go', () => {
    assert.equal(at(deployment, 'strategy', 'rollingUpdate', 'maxSurge'), `${budget.maxSurgePercent}%`);
    assert.equal(deployment['minReadySeconds'], budget.minReadySeconds);
    assert.equal(deployment['progressDeadlineSeconds'], budget.progressDeadlineSeconds);
  });
  test('[G6] sleep before SIGTERM without a shell', () => {
    assert.deepEqual(at(container, 'lifecycle', 'preStop'), { sleep: { seconds: 3 } });
  });
  test('[G6] have the grace period that hold and drain add up to', () => {
    assert.equal(pod['terminationGracePeriodSeconds'], budget.graceSeconds);
  });
  test('[G6] are not Ready after one failed answer', () => {
    assert.equal(at(container, 'readinessProbe', 'failureThreshold'), 1);
  });
  test('[G6] have little grace where they are restarted because they answer nobody', () => {
    assert.ok(Number(at(container, 'livenessProbe', 'terminationGracePeriodSeconds')) < budget.graceSeconds);
  });
  test('[G3] know their signing keys, API key, operations key and one Redis password, and no other secret', () => {
    const sources = at(pod, 'volumes', 1, 'projected', 'sources').map(source => at(source, 'secret'));
    const files = sources.map(source => `${String(source['name'])}/${String(at(source, 'items', 0, 'key'))}`);
    assert.deepEqual(files, [
      'kittiwake-signing-keys/current',
      'kittiwake-signing-keys/previous',
      'kittiwake-api-key/api-key',
      'kittiwake-operations-key/operations-key',
      'kittiwake-redis/gateway-password',
      'kittiwake-redis/gateway-password',
    ]);
    assert.deepEqual(
      sources.map(source => source['optional']),
      [undefined, true, undefined, undefined, undefined, undefined],
    );
  });
  test('[G1] are rolled when their configuration changes', () => {
    const digest = (origin: string): Json => {
      const changed = environment('local', v => ({ ...v, gateway: { ...v.gateway, origins: [origin] } }));
      const template = at(specOf(manifestsOf(changed), 'Deployment', 'gateway'), 'template');
      return at(template, 'metadata', 'annotations', 'kittiwake.dev/config-sha256');
    };
    assert.notEqual(digest('https://a.example'), digest('https://b.example'));
  });
  test('[G8] offer clients and backends different Services', () => {
    assert.deepEqual(at(specOf(manifests, 'Service', 'gateway'), 'ports'), [
      { name: 'clients', port: 80, protocol: 'TCP', targetPort: 'clients' },
    ]);
    assert.deepEqual(at(specOf(manifests, 'Service', 'gateway-api'), 'ports'), [
      { name: 'api', port: 8_100, protocol: 'TCP', targetPort: 'api' },
    ]);
  });
});

describe('the gateways’ configuration', () => {
  const secrets = {
    'signing-key-current': 'k'.repeat(64),
    'api-key': 'a'.repeat(43),
    'operations-key': 'o'.repeat(43),
    'redis-password': 'p'.repeat(43),
    'sentinel-password': 'p'.repeat(43),
  };

  for (const name of Object.keys(ENVIRONMENTS)) {
    test(`[G2] of ${name} is accepted by the gateway itself`, () => {
      const text =
        find(manifestsOf(environment(name)), 'ConfigMap', 'gateway-config').data?.['gateway.json'] ?? '';
      const parsed = parseConfig(text, { KITTIWAKE_GATEWAY_ID: 'gateway-1' }, secrets);
      assert.deepEqual(parsed.ok ? [] : parsed.error, []);
    });
  }
  test('[G6] lets in at least twice of what drains and rebalancing count on', () => {
    const { admission, drain } = gatewayConfig(values) as {
      readonly admission: { readonly perSecond: number };
      readonly drain: { readonly ratePerSecond: number };
    };
    assert.equal(drain.ratePerSecond, values.gateway.budget.handoverPerSecond);
    assert.ok(admission.perSecond >= 2 * drain.ratePerSecond);
  });
  test('[G6] holds sessions until the new gateways are ready', () => {
    const { drain } = gatewayConfig(values) as { readonly drain: { readonly hold: string } };
    assert.equal(drain.hold, `${budget.holdSeconds}s`);
  });
  test('[G6] gives the drain what preStop leaves of the grace period', () => {
    const { drain } = gatewayConfig(values) as { readonly drain: { readonly grace: string } };
    assert.equal(drain.grace, `${budget.graceSeconds - budget.preStopSeconds}s`);
  });
});

describe('the autoscaler', () => {
  const hpa = specOf(manifests, 'HorizontalPodAutoscaler', 'gateway');

  test('[G6] aims at active connections per gateway', () => {
    assert.deepEqual(at(hpa, 'metrics'), [
      {
        type: 'Pods',
        pods: {
          metric: { name: 'kittiwake_connections_active' },
          target: { type: 'AverageValue', averageValue: '150' },
        },
      },
    ]);
  });
  test('[G6] scales out at once, and in by one gateway per drain', () => {
    assert.equal(at(hpa, 'behavior', 'scaleUp', 'stabilizationWindowSeconds'), 0);
    assert.deepEqual(at(hpa, 'behavior', 'scaleDown', 'policies'), [
      { type: 'Pods', value: 1, periodSeconds: budget.scaleDownPeriodSeconds },
    ]);
  });
  test('[G4] writes thousands as the API server does', () => {
    const production = specOf(manifestsOf(environment('production')), 'HorizontalPodAutoscaler', 'gateway');
    assert.equal(at(production, 'metrics', 0, 'pods', 'target', 'averageValue'), '10k');
  });
  test('[G6] with KEDA is a ScaledObject, and nobody registers the custom metrics API', () => {
    const keda = manifestsOf(
      environment('local', v => ({ ...v, autoscaling: { ...v.autoscaling, profile: 'keda' } })),
    );
    const kinds = keda.map(({ kind }) => kind);
    assert.deepEqual(
      [
        kinds.includes('ScaledObject'),
        kinds.includes('HorizontalPodAutoscaler'),
        kinds.includes('APIService'),
      ],
      [true, false, false],
    );
    const env = at(specOf(keda, 'Deployment', 'controller'), 'template', 'spec', 'containers', 0, 'env');
    assert.ok(
      env.some(variable => variable['name'] === 'KITTIWAKE_API_SERVICES' && String(variable['value']) === ''),
    );
  });
});
