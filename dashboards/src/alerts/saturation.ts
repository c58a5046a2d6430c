import { REFUSED_BY_US } from '@kittiwake/metrics-catalog';
import { alert } from './alert.ts';

/** Storms have an alert of their own. */
const REFUSED = REFUSED_BY_US.filter(result => result !== 'storm').join('|');

/** Gateways near their limits, before users notice. */
export const saturationAlerts = [
  alert({
    name: 'KittiwakeEventLoopLagHigh',
    severity: 'warning',
    expr: 'max by (namespace, pod) (kittiwake_event_loop_lag_seconds{quantile="0.99"}) > 0.05',
    holds: '5m',
    summary: 'Event loop of {{ $labels.pod }} is late',
    description:
      'The 99th percentile of the delay is {{ $value | humanizeDuration }}; everything that this gateway delivers is at least as late.',
  }),
  alert({
    name: 'KittiwakeOutboxLarge',
    severity: 'warning',
    expr: 'sum by (namespace, pod) (kittiwake_outbox_bytes) > 67108864',
    holds: '5m',
    summary: 'Outboxes of {{ $labels.pod }} fill up',
    description:
      '{{ $value | humanize1024 }}B wait for sockets: clients read more slowly than their channels publish.',
  }),
  alert({
    name: 'KittiwakeSlowConsumers',
    severity: 'warning',
    expr: 'sum by (namespace) (rate(kittiwake_outbox_overflows_total[5m])) > 1',
    holds: '10m',
    summary: 'Clients are closed for not reading in {{ $labels.namespace }}',
    description: '{{ $value | humanize }} connections a second are closed with 4431.',
  }),
  alert({
    name: 'KittiwakeHandshakesRefused',
    severity: 'warning',
    expr: `sum by (namespace, result) (rate(kittiwake_handshakes_total{result=~"${REFUSED}"}[5m])) > 1`,
    holds: '5m',
    summary: 'Handshakes are refused in {{ $labels.namespace }}: {{ $labels.result }}',
    description:
      '{{ $value | humanize }} clients a second are sent away. They come back with backoff, and wait meanwhile.',
  }),
] as const;
