import type { Values } from '../values.ts';

/** A laptop or a test cluster: small, quick to scale, everything shown with a few hundred connections. */
export const LOCAL: Values = {
  environment: 'local',
  namespace: 'kittiwake',
  images: {
    gateway: 'kittiwake/gateway',
    controller: 'kittiwake/controller',
    redis: 'redis:7.0-bookworm',
    pullPolicy: 'IfNotPresent',
  },
  logLevel: 'info',
  tlsHosts: ['kittiwake.localhost', 'localhost', '127.0.0.1'],
  gateway: {
    resources: { cpuMillis: 50, memoryMiB: 96, memoryLimitMiB: 384, storageMiB: 64 },
    spread: 'preferred',
    budget: {
      startSeconds: 10,
      endpointsSeconds: 3,
      readinessDelaySeconds: 2,
      marginSeconds: 8,
      acceptPerSecond: 500,
      // Three nodes and their clients may well share two cores: whoever starts, or moves many, is felt by all others.
      handoverPerSecond: 11,
      surgePercent: 33,
    },
    connectionsMax: 5_000,
    connectionsPerAddressMax: 5_000,
    origins: ['http://localhost:8000', 'http://kittiwake.localhost', 'https://kittiwake.localhost'],
    trustedProxies: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'],
    channels: [
      { pattern: 'chat:*', history: { size: 1_000, age: '10m' }, presence: true },
      {
        pattern: 'game:*',
        history: { size: 200, age: '1m' },
        presence: true,
        rate: { perSecond: 5_000, burst: 10_000 },
      },
      { pattern: '**' },
    ],
    otlpEndpoint: undefined,
    egressPorts: [443],
  },
  autoscaling: {
    profile: 'custom-metrics',
    replicasMin: 3,
    replicasMax: 6,
    connectionsTarget: 150,
    scaleDownStabilizationSeconds: 120,
  },
  controller: {
    replicas: 2,
    resources: { cpuMillis: 20, memoryMiB: 96, memoryLimitMiB: 256, storageMiB: 64 },
  },
  redis: {
    replicas: 3,
    sentinels: 3,
    quorum: 2,
    downAfterMs: 1_000,
    failoverTimeoutMs: 10_000,
    minReplicasToWrite: 1,
    minReplicasMaxLagSeconds: 2,
    dataMiB: 96,
    pubsubBufferMiB: 32,
    handoverSeconds: 20,
    gracePeriodSeconds: 40,
    spread: 'preferred',
    // Everybody waits for the primary: on a busy node it gets three times what a gateway gets.
    resources: { cpuMillis: 150, memoryMiB: 48, memoryLimitMiB: 256, storageMiB: 512 },
    sentinelResources: { cpuMillis: 20, memoryMiB: 24, memoryLimitMiB: 64, storageMiB: 64 },
    storage: { kind: 'ephemeral' },
  },
  ingress: {
    profile: 'traefik',
    className: undefined,
    host: undefined,
    plain: true,
    idleTimeoutSeconds: 3_600,
    stickyPaths: [],
  },
  disruption: { unavailableMax: 1 },
  monitoring: { scrape: 'annotations', rules: 'config-map', namespace: 'monitoring', selectorLabels: {} },
};
