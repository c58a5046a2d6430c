import type { Values } from '../values.ts';
import { PRODUCTION } from './production.ts';

/** Production's shape at a tenth of its size, on a cluster that has nothing installed. */
export const STAGING: Values = {
  ...PRODUCTION,
  environment: 'staging',
  tlsHosts: ['rt.staging.example.com'],
  gateway: {
    ...PRODUCTION.gateway,
    resources: { cpuMillis: 250, memoryMiB: 256, memoryLimitMiB: 768, storageMiB: 128 },
    connectionsMax: 5_000,
    origins: ['https://app.staging.example.com'],
  },
  autoscaling: { ...PRODUCTION.autoscaling, replicasMax: 10, connectionsTarget: 2_000 },
  redis: {
    ...PRODUCTION.redis,
    dataMiB: 512,
    resources: { cpuMillis: 250, memoryMiB: 512, memoryLimitMiB: 1_024, storageMiB: 512 },
    spread: 'preferred',
    storage: { kind: 'ephemeral' },
  },
  ingress: { ...PRODUCTION.ingress, host: 'rt.staging.example.com' },
  monitoring: { ...PRODUCTION.monitoring, scrape: 'annotations', rules: 'config-map', selectorLabels: {} },
};
