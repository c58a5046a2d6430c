import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { Values } from '../values.ts';
import { type Component, labelsOf, selectorOf } from './labels.ts';

/** The port of probes and metrics, by its name in the pods. */
export const OPERATIONS_PORT = { name: 'operations', number: 8_200 } as const;

/** Annotations that let an unmodified Prometheus find a pod's metrics; none where a PodMonitor does it. */
export function scrapeAnnotations(values: Values): { readonly [name: string]: string } {
  if (values.monitoring.scrape === 'pod-monitor') return {};
  return {
    'prometheus.io/scrape': 'true',
    'prometheus.io/port': String(OPERATIONS_PORT.number),
    'prometheus.io/path': '/metrics',
  };
}

/** A PodMonitor (prometheus-operator) where the environment wants one. */
export function addPodMonitor(scope: Construct, values: Values, component: Component): void {
  if (values.monitoring.scrape !== 'pod-monitor') return;
  new ApiObject(scope, 'pod-monitor', {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PodMonitor',
    metadata: {
      name: component,
      namespace: values.namespace,
      labels: { ...labelsOf(component), ...values.monitoring.selectorLabels },
    },
    spec: {
      selector: { matchLabels: selectorOf(component) },
      podMetricsEndpoints: [{ port: OPERATIONS_PORT.name, path: '/metrics', interval: '15s' }],
    },
  });
}
