import { type Panelled, timeseries } from '../../common/panels.ts';
import { largest, perSecond, total } from '../../common/queries.ts';

/** Gateways that leave: rollouts, scale-in, node drains, drains by hand. */
export const leaving: readonly Panelled[] = [
  timeseries(
    {
      title: 'Drain state',
      description:
        'State of each gateway: 0 serves, 1 is held (waits for the new ones), 2 drains, 3 has drained.',
      unit: 'none',
      queries: [{ expr: largest('kittiwake_drain_state', { by: ['pod'] }), legend: '{{pod}}' }],
    },
    { max: 3, width: 12 },
  ),
  timeseries(
    {
      title: 'Gateways told to hand over',
      description:
        'Gateways a second that the controller released, by reason: rolled_out, stalled (the new ones do not come), leaving, asked.',
      unit: 'ops',
      queries: [{ expr: perSecond('kittiwake_drains_released_total', { by: ['why'] }), legend: '{{why}}' }],
    },
    { width: 12 },
  ),
  timeseries(
    {
      title: 'Gateways by state',
      description:
        'Gateways that the controller knows. During a rollout there are twice as many for a while.',
      unit: 'short',
      queries: [{ expr: total('kittiwake_controller_gateways', { by: ['state'] }), legend: '{{state}}' }],
    },
    { width: 12, stacked: true },
  ),
  timeseries(
    {
      title: 'Sessions handed over',
      description:
        'Sessions a second that were asked to move: moved by themselves, or closed because they had not in time.',
      unit: 'ops',
      queries: [
        {
          expr: perSecond('kittiwake_handover_sessions_total', { by: ['reason', 'result'] }),
          legend: '{{reason}} {{result}}',
        },
      ],
    },
    { width: 12 },
  ),
  timeseries(
    {
      title: 'Gateways out of service',
      description:
        'Gateways that answer nobody, so that Services send them nobody; and how often one was taken out or put back, a second.',
      unit: 'short',
      queries: [
        { expr: largest('kittiwake_gateways_ejected'), legend: 'out' },
        { expr: perSecond('kittiwake_gateway_ejections_total', { by: ['do'] }), legend: '{{do}}' },
      ],
    },
    { width: 12 },
  ),
  timeseries(
    {
      title: 'Deletion costs set',
      description:
        'Patches of pods a second. None unless a scale-in is near; then few, for buckets are wide.',
      unit: 'ops',
      queries: [{ expr: perSecond('kittiwake_deletion_cost_patches_total'), legend: 'patches' }],
    },
    { width: 12 },
  ),
];
