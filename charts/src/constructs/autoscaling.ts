import { ApiObject } from 'cdk8s';
import { k8s } from 'cdk8s-plus-34';
import type { Construct } from 'constructs';
import { rolloutBudget } from '../rollout-budget.ts';
import type { Values } from '../values.ts';
import { quantity } from './hardening.ts';
import { labelsOf } from './labels.ts';
import { OPERATIONS_PORT } from './scrape.ts';

/** What the gateways are scaled on: connections that are not asked to move, so that a drain does not look like load. */
export const CONNECTIONS_METRIC = 'kittiwake_connections_active';

const TARGET = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'gateway' } as const;

/** Scales the gateways on active connections: out fast, in one at a time. */
export function addAutoscaling(scope: Construct, values: Values): void {
  switch (values.autoscaling.profile) {
    case 'custom-metrics':
      addHorizontalPodAutoscaler(scope, values);
      return;
    case 'keda':
      addScaledObject(scope, values);
  }
}

function addHorizontalPodAutoscaler(scope: Construct, values: Values): void {
  const { replicasMin, replicasMax, connectionsTarget } = values.autoscaling;
  new k8s.KubeHorizontalPodAutoscalerV2(scope, 'autoscaler', {
    metadata: { name: 'gateway', namespace: values.namespace, labels: { ...labelsOf('gateway') } },
    spec: {
      scaleTargetRef: TARGET,
      minReplicas: replicasMin,
      maxReplicas: replicasMax,
      metrics: [
        {
          type: 'Pods',
          pods: {
            metric: { name: CONNECTIONS_METRIC },
            target: { type: 'AverageValue', averageValue: quantity(canonicalCount(connectionsTarget)) },
          },
        },
      ],
      behavior: behaviour(values),
    },
  });
}

function behaviour(values: Values): k8s.HorizontalPodAutoscalerBehaviorV2 {
  const { scaleDownPeriodSeconds } = rolloutBudget(values);
  return {
    scaleUp: {
      stabilizationWindowSeconds: 0,
      selectPolicy: 'Max',
      policies: [
        { type: 'Percent', value: 100, periodSeconds: 30 },
        { type: 'Pods', value: 4, periodSeconds: 30 },
      ],
    },
    scaleDown: {
      stabilizationWindowSeconds: values.autoscaling.scaleDownStabilizationSeconds,
      selectPolicy: 'Min',
      policies: [{ type: 'Pods', value: 1, periodSeconds: scaleDownPeriodSeconds }],
    },
  };
}

/** KEDA 2.20's `metrics-api` scaler asks every gateway behind the Service itself: no Prometheus in between. */
function addScaledObject(scope: Construct, values: Values): void {
  const { replicasMin, replicasMax, connectionsTarget } = values.autoscaling;
  new ApiObject(scope, 'autoscaler', {
    apiVersion: 'keda.sh/v1alpha1',
    kind: 'ScaledObject',
    metadata: { name: 'gateway', namespace: values.namespace, labels: { ...labelsOf('gateway') } },
    spec: {
      scaleTargetRef: TARGET,
      pollingInterval: 15,
      minReplicaCount: replicasMin,
      maxReplicaCount: replicasMax,
      fallback: { failureThreshold: 3, replicas: replicasMin, behavior: 'currentReplicasIfHigher' },
      advanced: { horizontalPodAutoscalerConfig: { name: 'gateway', behavior: behaviour(values) } },
      triggers: [
        {
          type: 'metrics-api',
          metricType: 'AverageValue',
          metadata: {
            url: `http://gateway-operations.${values.namespace}.svc:${OPERATIONS_PORT.number}/metrics`,
            format: 'prometheus',
            valueLocation: CONNECTIONS_METRIC,
            targetValue: String(connectionsTarget),
            aggregateFromKubeServiceEndpoints: 'true',
            aggregationType: 'sum',
          },
        },
      ],
    },
  });
}

/** The API server writes 10000 back as 10k (G4). */
function canonicalCount(count: number): string {
  return count % 1_000 === 0 ? `${count / 1_000}k` : String(count);
}
