import { type AlertCase, pair } from './alert-case.ts';

const leader = (pod: string): string => `kittiwake_controller_leader{namespace="k", pod="controller-${pod}"}`;
const scrapes = (result: string): string =>
  `kittiwake_controller_scrapes_total{namespace="k", pod="controller-a", result="${result}"}`;

/** The controller. */
export const controllerCases: readonly AlertCase[] = [
  ...pair('KittiwakeControllerNoLeader', '10m', {
    fires: ['nobody leads', { [leader('a')]: '0x20', [leader('b')]: '0x20' }],
    quiet: ['leadership moves within a minute', { [leader('a')]: '1x4 0x20', [leader('b')]: '0x5 1x20' }],
  }),
  {
    alert: 'KittiwakeControllerNoLeader',
    when: 'two lead',
    fires: true,
    at: '10m',
    series: { [leader('a')]: '1x20', [leader('b')]: '1x20' },
  },
  ...pair('KittiwakeControllerScrapesFailing', '20m', {
    fires: ['a third fails', { [scrapes('ok')]: '0+20x30', [scrapes('failed')]: '0+10x30' }],
    quiet: ['one in twenty fails', { [scrapes('ok')]: '0+19x30', [scrapes('failed')]: '0+1x30' }],
  }),
  ...pair('KittiwakeGatewayEjected', '10m', {
    fires: ['one is out', { 'kittiwake_gateways_ejected{namespace="k", pod="controller-a"}': '1x20' }],
    quiet: [
      'one was out for three minutes',
      { 'kittiwake_gateways_ejected{namespace="k", pod="controller-a"}': '0 1x3 0x20' },
    ],
  }),
  ...pair('KittiwakeGatewaysNotReady', '15m', {
    fires: [
      'one is not ready',
      { 'kittiwake_controller_gateways{namespace="k", state="not_ready"}': '1x20' },
    ],
    quiet: [
      'one drains',
      {
        'kittiwake_controller_gateways{namespace="k", state="not_ready"}': '0x20',
        'kittiwake_controller_gateways{namespace="k", state="terminating"}': '1x20',
      },
    ],
  }),
];
