import { type Panelled, timeseries } from '../../common/panels.ts';
import { percentiles, perSecond, total } from '../../common/queries.ts';

/** Gateways that hand their sessions over: rolling deploys, scale-in, node drains. */
export const drain: readonly Panelled[] = [
  timeseries({
    title: 'Connections that are asked to move',
    description: 'Open connections of draining gateways. The line should fall steadily, not drop at the end.',
    unit: 'short',
    queries: [{ expr: total('kittiwake_connections_draining', { by: ['pod'] }), legend: '{{pod}}' }],
  }),
  timeseries({
    title: 'Drain duration',
    description: 'From SIGTERM to the last connection closed. It must stay below the pod’s grace period.',
    unit: 's',
    queries: percentiles('kittiwake_drain_duration_seconds'),
  }),
  timeseries(
    {
      title: 'Closed at the end of their time',
      description:
        'Connections a second closed with 4450: their client had been asked to move and did not, or is of another kind.',
      unit: 'ops',
      queries: [
        {
          expr: perSecond('kittiwake_disconnects_total', { by: ['pod'], where: 'reason="drained"' }),
          legend: '{{pod}}',
        },
      ],
    },
    { width: 12 },
  ),
  timeseries(
    {
      title: 'Replayed publications',
      description: 'Publications a second that resumes sent: what sessions missed while they moved.',
      unit: 'ops',
      queries: [
        { expr: perSecond('kittiwake_replayed_publications_total', { by: ['pod'] }), legend: '{{pod}}' },
      ],
    },
    { width: 12 },
  ),
];
