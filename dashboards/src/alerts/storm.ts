import { alert } from './alert.ts';

/** Whether newcomers get in, and whether gateways hear what is published. */
export const stormAlerts = [
  alert({
    name: 'KittiwakeAdmissionRefusing',
    severity: 'warning',
    expr: 'sum by (namespace, reason) (rate(kittiwake_admission_refused_total[2m])) > 1',
    holds: '5m',
    summary: 'Newcomers have been refused for minutes in {{ $labels.namespace }}: {{ $labels.reason }}',
    description:
      '{{ $value | humanize }} connections a second are too many. A storm is over in half a minute; this is a rate that is too low, a gateway that is not well, or a client that does not wait.',
  }),
  alert({
    name: 'KittiwakeCanaryFailing',
    severity: 'warning',
    expr: 'max by (namespace, pod) (kittiwake_broker_canary_age_seconds) > 15',
    holds: '30s',
    summary: 'Nothing that {{ $labels.pod }} publishes comes back to it',
    description:
      'The last canary came back {{ $value | humanizeDuration }} ago. Its sessions hear nothing live, and read what they miss from the log, if at all.',
  }),
  alert({
    name: 'KittiwakeGatewayDeaf',
    severity: 'critical',
    expr: 'max by (namespace, pod) (kittiwake_delivery_state) == 2',
    holds: '1m',
    summary: 'Gateway {{ $labels.pod }} hears nothing, while others do, and has left the Service',
    description:
      'It does not come back by itself within a minute: something between this gateway and the broker is broken. Its sessions are asked to move.',
  }),
] as const;
