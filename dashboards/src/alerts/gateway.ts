import { alert } from './alert.ts';

/** Whether there are gateways, whether they leave as they should, and whether they believe themselves. */
export const gatewayAlerts = [
  alert({
    name: 'KittiwakeNoGateways',
    severity: 'critical',
    expr: 'absent(kittiwake_connections_active)',
    holds: '2m',
    summary: 'No gateway is scraped',
    description: 'Either no gateway runs, or Prometheus no longer finds them.',
  }),
  alert({
    name: 'KittiwakeDrainStuck',
    severity: 'warning',
    expr: 'kittiwake_drain_state == 2',
    holds: '5m',
    summary: 'Gateway {{ $labels.pod }} has drained for more than 5 minutes',
    description:
      'It should have handed its sessions over by now; what is left will be cut off when the grace period ends.',
  }),
  alert({
    name: 'KittiwakeAssertionFailed',
    severity: 'critical',
    expr: 'sum by (namespace, pod, room) (increase(kittiwake_assertion_failures_total[10m])) > 0',
    summary: 'A belief of the code broke in {{ $labels.room }} of {{ $labels.pod }}',
    description: 'This is a bug. A session was closed, or the gateway drains and restarts.',
  }),
] as const;
