import { LATENCY_SECONDS } from './buckets.ts';
import type { Catalog } from './metric.ts';

/** What the controller exports. */
export const CONTROLLER_METRICS = {
  kittiwake_controller_leader: { kind: 'gauge', labels: [], help: '1 on the replica that leads.' },
  kittiwake_controller_gateways: {
    kind: 'gauge',
    labels: ['state'],
    values: { state: ['ready', 'not_ready', 'terminating'] },
    help: 'Gateways by state: ready, not_ready, terminating.',
  },
  kittiwake_controller_scrapes_total: {
    kind: 'counter',
    labels: ['result'],
    values: { result: ['ok', 'failed'] },
    help: 'Scrapes of gateways: ok, failed.',
  },
  kittiwake_controller_scrape_seconds: {
    kind: 'histogram',
    labels: [],
    buckets: LATENCY_SECONDS,
    help: 'How long a scrape of one gateway takes.',
  },
  kittiwake_controller_metric_requests_total: {
    kind: 'counter',
    labels: ['code'],
    help: 'Requests to custom.metrics.k8s.io, by status code.',
  },
  kittiwake_controller_reconciles_total: {
    kind: 'counter',
    labels: ['result'],
    values: { result: ['ok', 'failed'] },
    help: 'Runs of the reconciler: ok, failed.',
  },
  kittiwake_controller_relists_total: {
    kind: 'counter',
    labels: ['reason'],
    values: { reason: ['start', 'expired', 'watchdog', 'error'] },
    help: 'Times an informer listed anew: start, expired, watchdog, error.',
  },
} as const satisfies Catalog;
