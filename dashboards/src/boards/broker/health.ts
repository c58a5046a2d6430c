import { above, below, type Panelled, stat, timeseries } from '../../common/panels.ts';
import { inRange, percentiles, perSecond, series, total } from '../../common/queries.ts';

/** Whether the broker is there, and whether it is still the same one. */
export const health: readonly Panelled[] = [
  stat(
    {
      title: 'Gateways with a broker',
      description:
        'Share of the selected gateways whose broker takes publishes and whose subscriber is alive.',
      unit: 'percentunit',
      queries: [{ expr: `avg(${series('kittiwake_broker_up')})`, legend: 'up' }],
    },
    { steps: below({ warning: 1, critical: 0.5 }), width: 6 },
  ),
  stat(
    {
      title: 'Failovers',
      description:
        'Times in the range shown that a gateway found another history (epoch); one failover counts once per gateway.',
      unit: 'short',
      queries: [{ expr: inRange('kittiwake_broker_failovers_total'), legend: 'failovers' }],
    },
    { steps: above({ warning: 1, critical: 10 }), width: 6, decimals: 0 },
  ),
  stat(
    {
      title: 'Canaries lost',
      description:
        'Canaries in the range shown that did not come back in time. Each one renewed a subscriber that looked alive and was not.',
      unit: 'short',
      queries: [{ expr: inRange('kittiwake_broker_canary_lost_total'), legend: 'lost' }],
    },
    { steps: above({ warning: 1, critical: 10 }), width: 6, decimals: 0 },
  ),
  stat(
    {
      title: 'Gaps signalled',
      description: 'Gaps in live streams that the log could not fill, in the range shown.',
      unit: 'short',
      queries: [
        { expr: inRange('kittiwake_gaps_total', { where: 'result="signalled"' }), legend: 'signalled' },
      ],
    },
    { steps: above({ critical: 1 }), width: 6, decimals: 0 },
  ),
  timeseries(
    {
      title: 'Broker up, by gateway',
      description:
        '1 while the broker takes publishes and its subscriber is alive. All at 0 is the broker, one at 0 is that gateway’s network.',
      unit: 'none',
      queries: [{ expr: total('kittiwake_broker_up', { by: ['pod'] }), legend: '{{pod}}' }],
    },
    { max: 1, width: 12 },
  ),
  timeseries(
    {
      title: 'Canary round trip',
      description:
        'From a canary’s publish to its return on the subscriber connection: what the broker adds to every delivery.',
      unit: 's',
      queries: percentiles('kittiwake_broker_canary_seconds'),
    },
    { width: 12 },
  ),
  timeseries(
    {
      title: 'Failovers and lost canaries',
      description: 'Events a second. A failover without lost canaries is a planned one.',
      unit: 'ops',
      queries: [
        { expr: perSecond('kittiwake_broker_failovers_total'), legend: 'failovers' },
        { expr: perSecond('kittiwake_broker_canary_lost_total'), legend: 'canaries lost' },
      ],
    },
    { width: 12 },
  ),
  timeseries(
    {
      title: 'Channels in doubt',
      description:
        'Channels a second that were compared with their logs, by reason. “emptied” and “tail” are losses that broke no connection.',
      unit: 'ops',
      queries: [
        { expr: perSecond('kittiwake_broker_doubts_total', { by: ['reason'] }), legend: '{{reason}}' },
      ],
    },
    { width: 12 },
  ),
];
