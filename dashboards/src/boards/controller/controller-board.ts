import type { Board } from '../../common/layout.ts';
import { above, type Panelled, stat, timeseries } from '../../common/panels.ts';
import { percentiles, perSecond, total } from '../../common/queries.ts';

const state: readonly Panelled[] = [
  stat(
    {
      title: 'Leaders',
      description: 'Replicas that lead. It must be 1; for a moment after a restart it may be 0.',
      unit: 'short',
      queries: [{ expr: total('kittiwake_controller_leader'), legend: 'leaders' }],
    },
    { steps: above({ critical: 2 }), width: 4 },
  ),
  timeseries(
    {
      title: 'Gateways by state',
      description: 'Gateways that the controller knows: ready, not ready, terminating.',
      unit: 'short',
      queries: [{ expr: total('kittiwake_controller_gateways', { by: ['state'] }), legend: '{{state}}' }],
    },
    { width: 20, stacked: true },
  ),
];

const metricsApi: readonly Panelled[] = [
  timeseries({
    title: 'Requests to custom.metrics.k8s.io',
    description:
      'Requests a second by status code. The autoscaler asks every 15 s; without 200s nothing scales.',
    unit: 'ops',
    queries: [
      {
        expr: perSecond('kittiwake_controller_metric_requests_total', { by: ['code'] }),
        legend: '{{code}}',
      },
    ],
  }),
  timeseries({
    title: 'Scrapes of gateways',
    description: 'Scrapes a second by result. A gateway that cannot be read is left out of the average.',
    unit: 'ops',
    queries: [
      { expr: perSecond('kittiwake_controller_scrapes_total', { by: ['result'] }), legend: '{{result}}' },
    ],
  }),
  timeseries({
    title: 'Scrape duration',
    description: 'How long reading one gateway takes. Slow scrapes are late event loops.',
    unit: 's',
    queries: percentiles('kittiwake_controller_scrape_seconds'),
  }),
];

const reconciling: readonly Panelled[] = [
  timeseries(
    {
      title: 'Reconciles by result',
      description: 'Runs of the reconciler a second.',
      unit: 'ops',
      queries: [
        {
          expr: perSecond('kittiwake_controller_reconciles_total', { by: ['result'] }),
          legend: '{{result}}',
        },
      ],
    },
    { width: 12 },
  ),
  timeseries(
    {
      title: 'Relists by reason',
      description:
        'Times a second that a watch was begun anew. `watchdog` means that a watch had gone silent without an error.',
      unit: 'ops',
      queries: [
        { expr: perSecond('kittiwake_controller_relists_total', { by: ['reason'] }), legend: '{{reason}}' },
      ],
    },
    { width: 12 },
  ),
];

/** What autoscaling sees, and whether it can see. */
export function controllerBoard(): Board {
  return {
    name: 'controller',
    title: 'Kittiwake / Controller',
    description:
      'Leadership, the gateways that the controller knows, its scrapes, and what the autoscaler asks of it.',
    rows: [
      { title: 'State', panels: state },
      { title: 'Metrics API and scrapes', panels: metricsApi },
      { title: 'Reconciling', panels: reconciling },
    ],
  };
}
