import type { Values } from '../values.ts';
import { LOCAL } from './local.ts';

/** A cluster that serves people: copy, and change host, images and sizes. */
export const PRODUCTION: Values = {
  ...LOCAL,
  environment: 'production',
  tlsHosts: ['rt.example.com'],
  gateway: {
    ...LOCAL.gateway,
    resources: { cpuMillis: 1_000, memoryMiB: 1_024, memoryLimitMiB: 2_048, storageMiB: 256 },
    budget: {
      startSeconds: 30,
      endpointsSeconds: 10,
      readinessDelaySeconds: 5,
      marginSeconds: 15,
      acceptPerSecond: 300,
      handoverPerSecond: 100,
      surgePercent: 100,
    },
    connectionsMax: 20_000,
    connectionsPerAddressMax: 1_000,
    origins: ['https://app.example.com'],
  },
  autoscaling: {
    profile: 'custom-metrics',
    replicasMin: 3,
    replicasMax: 50,
    connectionsTarget: 10_000,
    scaleDownStabilizationSeconds: 900,
  },
  controller: {
    replicas: 2,
    resources: { cpuMillis: 50, memoryMiB: 128, memoryLimitMiB: 256, storageMiB: 128 },
  },
  redis: {
    ...LOCAL.redis,
    dataMiB: 3_072,
    pubsubBufferMiB: 256,
    gracePeriodSeconds: 60,
    spread: 'required',
    resources: { cpuMillis: 1_000, memoryMiB: 4_096, memoryLimitMiB: 6_144, storageMiB: 1_024 },
    sentinelResources: { cpuMillis: 100, memoryMiB: 64, memoryLimitMiB: 128, storageMiB: 128 },
    storage: { kind: 'persistent', sizeGiB: 16, storageClass: undefined },
  },
  ingress: { ...LOCAL.ingress, host: 'rt.example.com', plain: false },
  monitoring: {
    scrape: 'pod-monitor',
    rules: 'prometheus-rule',
    namespace: 'monitoring',
    selectorLabels: { release: 'kube-prometheus-stack' },
  },
};
