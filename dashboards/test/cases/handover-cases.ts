import { type AlertCase, GATEWAY, pair } from './alert-case.ts';

const spread = 'kittiwake_rebalance_spread_ratio{namespace="k", pod="controller-a"}';
const decisions = (decision: string): string =>
  `kittiwake_rebalance_decisions_total{namespace="k", pod="controller-a", decision="${decision}"}`;
const released = (why: string): string =>
  `kittiwake_drains_released_total{namespace="k", pod="controller-a", why="${why}"}`;

const handed = (result: string): string =>
  `kittiwake_handover_sessions_total{${GATEWAY}, reason="drain", result="${result}"}`;

/** Rollouts, drains and rebalancing. */
export const handoverCases: readonly AlertCase[] = [
  ...pair('KittiwakeSpreadHigh', '20m', {
    fires: [
      'new gateways stay empty',
      {
        [spread]: '1x30',
        [`kittiwake_sessions{${GATEWAY}}`]: '400x30',
        'kittiwake_sessions{namespace="k", pod="gateway-1"}': '0x30',
      },
    ],
    quiet: [
      'a scale-out is rebalanced within two minutes',
      { [spread]: '0x5 1x2 0.08x30', [`kittiwake_sessions{${GATEWAY}}`]: '400x30' },
    ],
  }),
  {
    alert: 'KittiwakeSpreadHigh',
    when: 'a handful of sessions is never even',
    fires: false,
    at: '20m',
    series: { [spread]: '1x30', [`kittiwake_sessions{${GATEWAY}}`]: '3x30' },
  },
  ...pair('KittiwakeRebalanceGivesUp', '70m', {
    fires: ['it gives up every ten minutes', { [decisions('gave_up')]: '0+0.1x80' }],
    quiet: [
      'it gives up once, and is done otherwise',
      { [decisions('gave_up')]: '0x30 1x50', [decisions('done')]: '0+1x80' },
    ],
  }),
  ...pair('KittiwakeHandoversForced', '40m', {
    fires: [
      'half of them stay until they are closed',
      { [handed('moved')]: '0+10x60', [handed('closed')]: '0+10x60' },
    ],
    quiet: ['one in twenty does', { [handed('moved')]: '0+19x60', [handed('closed')]: '0+1x60' }],
  }),
  {
    alert: 'KittiwakeHandoversForced',
    when: 'a few sessions are moved, and closed all of them',
    fires: false,
    at: '40m',
    series: { [handed('moved')]: '0x60', [handed('closed')]: '0+1x60' },
  },
  ...pair('KittiwakeRolloutStalled', '10m', {
    fires: ['two gateways are released because nothing moves', { [released('stalled')]: '0x4 2x20' }],
    quiet: [
      'all are released because the new ones are ready',
      { [released('stalled')]: '0x20', [released('rolled_out')]: '0x4 3x20' },
    ],
  }),
];
