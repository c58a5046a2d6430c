import { above, type Panelled, stat, timeseries } from '../../common/panels.ts';
import { inRange, largest, perSecond, total } from '../../common/queries.ts';

/** How even the gateways are, and what the controller does about it. */
export const rebalancing: readonly Panelled[] = [
  stat(
    {
      title: 'Spread',
      description:
        'How far the farthest gateway is from the mean number of sessions. Rebalancing begins at 25 % and ends within 10 %.',
      unit: 'percentunit',
      queries: [{ expr: largest('kittiwake_rebalance_spread_ratio'), legend: 'spread' }],
    },
    { steps: above({ warning: 0.25, critical: 0.5 }), width: 4 },
  ),
  stat(
    {
      title: 'Sessions shed',
      description: 'Sessions that gateways were told to shed, in the range that the board shows.',
      unit: 'short',
      queries: [{ expr: inRange('kittiwake_rebalance_moves_total'), legend: 'shed' }],
    },
    { width: 4 },
  ),
  timeseries(
    {
      title: 'Sessions by gateway',
      description:
        'Authenticated sessions of each gateway. After a scale-out the lines should meet within a minute.',
      unit: 'short',
      queries: [{ expr: total('kittiwake_sessions', { by: ['pod'] }), legend: '{{pod}}' }],
    },
    { width: 16 },
  ),
  timeseries(
    {
      title: 'Spread over time',
      description:
        'The same as above, over time. It jumps when gateways are added, and falls shed by shed; one that stays high is not rebalanced.',
      unit: 'percentunit',
      queries: [{ expr: largest('kittiwake_rebalance_spread_ratio'), legend: 'spread' }],
    },
    { width: 12, limit: 0.25 },
  ),
  timeseries(
    {
      title: 'Decisions',
      description:
        'Decisions a second: shed, done, gave_up (the moved do not reach the emptier gateways), postponed (something else is on).',
      unit: 'ops',
      queries: [
        {
          expr: perSecond('kittiwake_rebalance_decisions_total', { by: ['decision'] }),
          legend: '{{decision}}',
        },
      ],
    },
    { width: 12 },
  ),
];
