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
  kittiwake_rebalance_spread_ratio: {
    kind: 'gauge',
    labels: [],
    help: 'Greatest distance of a gateway from the mean number of sessions, as a share of the mean; as the leader sees it.',
  },
  kittiwake_rebalance_moves_total: {
    kind: 'counter',
    labels: [],
    help: 'Sessions that gateways were told to shed.',
  },
  kittiwake_rebalance_decisions_total: {
    kind: 'counter',
    labels: ['decision'],
    values: { decision: ['shed', 'dry_run', 'done', 'gave_up', 'even', 'postponed'] },
    help: 'What rebalancing decided: shed, dry_run (would shed), done, gave_up, even (asked, nothing to do), postponed.',
  },
  kittiwake_deletion_cost_patches_total: {
    kind: 'counter',
    labels: [],
    help: 'Pods whose deletion cost was set.',
  },
  kittiwake_gateway_ejections_total: {
    kind: 'counter',
    labels: ['do'],
    values: { do: ['eject', 'return'] },
    help: 'Gateways that answered nobody and were taken out of the Services, and that were put back.',
  },
  kittiwake_gateways_ejected: {
    kind: 'gauge',
    labels: [],
    help: 'Gateways that are out of the Services because they answered nobody.',
  },
  kittiwake_drains_released_total: {
    kind: 'counter',
    labels: ['why'],
    values: { why: ['rolled_out', 'stalled', 'leaving', 'asked'] },
    help: 'Gateways that were told to hand over: all new ones are ready, the rollout stands still, scaled in or evicted, asked by annotation.',
  },
} as const satisfies Catalog;
