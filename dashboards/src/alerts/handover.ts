import { alert } from './alert.ts';

/** Sessions that do not move where they should. */
export const handoverAlerts = [
  alert({
    name: 'KittiwakeSpreadHigh',
    severity: 'warning',
    expr: 'max by (namespace) (kittiwake_rebalance_spread_ratio) > 0.5 and on (namespace) avg by (namespace) (kittiwake_sessions) > 50',
    holds: '15m',
    summary: 'Sessions in {{ $labels.namespace }} are spread unevenly over the gateways',
    description:
      'A gateway is {{ $value | humanizePercentage }} away from the mean: some are full while others idle, and rebalancing does not mend it.',
  }),
  alert({
    name: 'KittiwakeRebalanceGivesUp',
    severity: 'info',
    expr: 'sum by (namespace) (increase(kittiwake_rebalance_decisions_total{decision="gave_up"}[1h])) > 2',
    summary: 'Rebalancing in {{ $labels.namespace }} moves sessions and gains little',
    description:
      'Too few of the sessions that move reach the emptier gateways: the balancer in front spreads them by chance.',
  }),
  alert({
    name: 'KittiwakeHandoversForced',
    severity: 'warning',
    expr: 'sum by (namespace) (increase(kittiwake_handover_sessions_total{result="closed"}[30m])) / sum by (namespace) (increase(kittiwake_handover_sessions_total[30m])) > 0.2 and sum by (namespace) (increase(kittiwake_handover_sessions_total[30m])) > 100',
    holds: '5m',
    summary: 'Sessions in {{ $labels.namespace }} do not move when they are asked to',
    description:
      '{{ $value | humanizePercentage }} of them were closed at the end of their time: drains do not finish by themselves, and these clients see an outage.',
  }),
  alert({
    name: 'KittiwakeRolloutStalled',
    severity: 'warning',
    expr: 'sum by (namespace) (increase(kittiwake_drains_released_total{why="stalled"}[15m])) > 0',
    summary: 'A rollout of the gateways in {{ $labels.namespace }} stands still',
    description:
      'Old gateways were released although the new ones are not all ready: clients move to what there is, and may have to move again.',
  }),
] as const;
