import { alert } from './alert.ts';

/** The controller is what autoscaling hangs on. */
export const controllerAlerts = [
  alert({
    name: 'KittiwakeControllerNoLeader',
    severity: 'warning',
    expr: '(sum by (namespace) (kittiwake_controller_leader) != 1) or absent(kittiwake_controller_leader)',
    holds: '3m',
    summary: 'The controllers have no leader, or more than one',
    description: 'Without one leader nothing is reconciled; gateways serve on as they are.',
  }),
  alert({
    name: 'KittiwakeControllerScrapesFailing',
    severity: 'warning',
    expr: 'sum by (namespace) (rate(kittiwake_controller_scrapes_total{result="failed"}[5m])) / sum by (namespace) (rate(kittiwake_controller_scrapes_total[5m])) > 0.2',
    holds: '10m',
    summary: 'The controller cannot read gateways in {{ $labels.namespace }}',
    description:
      '{{ $value | humanizePercentage }} of the scrapes fail: the autoscaler works with part of the picture, or does not scale.',
  }),
  alert({
    name: 'KittiwakeGatewaysNotReady',
    severity: 'warning',
    expr: 'max by (namespace) (kittiwake_controller_gateways{state="not_ready"}) > 0',
    holds: '10m',
    summary: 'Gateways in {{ $labels.namespace }} have not been ready for 10 minutes',
    description: '{{ $value }} gateways take no new connections.',
  }),
  alert({
    name: 'KittiwakeGatewayEjected',
    severity: 'warning',
    expr: 'max by (namespace) (kittiwake_gateways_ejected) > 0',
    holds: '5m',
    summary: 'A gateway in {{ $labels.namespace }} has answered nobody for 5 minutes',
    description:
      '{{ $value }} gateways are out of the Services; the others take their clients. Kubernetes has not replaced them yet.',
  }),
] as const;
