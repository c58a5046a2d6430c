import { alert } from './alert.ts';

/** The tier behind the gateways: whether it takes publishes, how fast, and whether what arrives is whole. */
export const brokerAlerts = [
  alert({
    name: 'KittiwakeBrokerDown',
    severity: 'critical',
    expr: 'kittiwake_broker_up == 0',
    holds: '30s',
    summary: 'Gateway {{ $labels.pod }} has no broker',
    description:
      'Publishes on this gateway are refused, and its sessions receive nothing from other gateways.',
  }),
  alert({
    name: 'KittiwakeBrokerFailover',
    severity: 'warning',
    expr: 'sum by (namespace) (increase(kittiwake_broker_failovers_total[10m])) > 0',
    summary: 'The broker failed over in {{ $labels.namespace }}',
    description:
      'Another history (epoch) took over. Publications that only the old primary held are lost; sessions that had them were told with `truncated`.',
  }),
  alert({
    name: 'KittiwakeBrokerForgets',
    severity: 'critical',
    expr: 'sum by (namespace) (increase(kittiwake_broker_doubts_total{reason="emptied"}[10m])) > 0',
    summary: 'The broker lost what it held in {{ $labels.namespace }}, and no connection broke',
    description:
      'The database is another one: flushed, or restored. Members of {{ $value | humanize }} channels were told.',
  }),
  alert({
    name: 'KittiwakeBrokerCanaryLost',
    severity: 'warning',
    expr: 'sum by (namespace, pod) (increase(kittiwake_broker_canary_lost_total[10m])) > 1',
    summary: 'Subscriber of {{ $labels.pod }} lost its canary more than once',
    description:
      '{{ $value | humanize }} canaries in 10 minutes did not come back. The subscriber was renewed each time, but something between gateway and broker keeps breaking.',
  }),
  alert({
    name: 'KittiwakeBrokerSlow',
    severity: 'warning',
    expr: 'histogram_quantile(0.99, sum by (namespace, le) (rate(kittiwake_broker_operation_seconds_bucket{operation="publish", result!="broker_unavailable"}[5m]))) > 0.05',
    holds: '10m',
    summary: 'Broker publishes are slow in {{ $labels.namespace }}',
    description:
      'The 99th percentile is {{ $value | humanizeDuration }}; half of the latency objective of games is gone before anything is delivered.',
  }),
  alert({
    name: 'KittiwakeGapsSignalled',
    severity: 'warning',
    expr: 'sum by (namespace) (increase(kittiwake_gaps_total{result="signalled"}[10m])) > 0',
    summary: 'Live sessions missed publications in {{ $labels.namespace }}',
    description:
      '{{ $value | humanize }} gaps could not be filled from the log. The sessions were told; their users may have seen a reload.',
  }),
  alert({
    name: 'KittiwakeResumesIncomplete',
    severity: 'warning',
    expr: 'sum by (namespace) (rate(kittiwake_resumes_total{outcome=~"truncated|trimmed|unknown"}[15m])) / sum by (namespace) (rate(kittiwake_resumes_total{outcome!="fresh"}[15m])) > 0.05',
    holds: '5m',
    summary: 'Sessions come back to histories that are gone in {{ $labels.namespace }}',
    description: '{{ $value | humanizePercentage }} of the resumes could not have everything they missed.',
  }),
] as const;
