import { type AlertCase, GATEWAY, pair } from './alert-case.ts';

const OPERATION = 'kittiwake_broker_operation_seconds_bucket';
const publishes = (le: string): string =>
  `${OPERATION}{${GATEWAY}, operation="publish", result="ok", le="${le}"}`;

/** The broker, as gateways see it. */
export const brokerCases: readonly AlertCase[] = [
  ...pair('KittiwakeBrokerDown', '10m', {
    fires: ['it stays away', { [`kittiwake_broker_up{${GATEWAY}}`]: '1x5 0x20' }],
    quiet: ['it is up', { [`kittiwake_broker_up{${GATEWAY}}`]: '1x20' }],
  }),
  ...pair('KittiwakeBrokerFailover', '10m', {
    fires: ['the epoch changes once', { [`kittiwake_broker_failovers_total{${GATEWAY}}`]: '0x5 1x20' }],
    quiet: ['it changed before', { [`kittiwake_broker_failovers_total{${GATEWAY}}`]: '3x20' }],
  }),
  ...pair('KittiwakeBrokerForgets', '10m', {
    fires: [
      'a database is flushed',
      { [`kittiwake_broker_doubts_total{${GATEWAY}, reason="emptied"}`]: '0x5 40x20' },
    ],
    quiet: [
      'it failed over, and a key was evicted',
      {
        [`kittiwake_broker_doubts_total{${GATEWAY}, reason="failover"}`]: '0x5 40x20',
        [`kittiwake_broker_doubts_total{${GATEWAY}, reason="tail"}`]: '0x5 1x20',
      },
    ],
  }),
  ...pair('KittiwakeBrokerCanaryLost', '10m', {
    fires: ['four are lost', { [`kittiwake_broker_canary_lost_total{${GATEWAY}}`]: '0x2 1 2 3 4x20' }],
    quiet: ['none is', { [`kittiwake_broker_canary_lost_total{${GATEWAY}}`]: '5x20' }],
  }),
  ...pair('KittiwakeBrokerSlow', '20m', {
    fires: [
      'half of the publishes take up to 100 ms',
      { [publishes('0.05')]: '0+50x30', [publishes('0.1')]: '0+100x30', [publishes('+Inf')]: '0+100x30' },
    ],
    quiet: [
      'all are below 10 ms',
      { [publishes('0.01')]: '0+100x30', [publishes('0.05')]: '0+100x30', [publishes('+Inf')]: '0+100x30' },
    ],
  }),
  {
    alert: 'KittiwakeBrokerSlow',
    when: 'half are slow, and many more are refused at once',
    fires: true,
    at: '20m',
    series: {
      [publishes('0.05')]: '0+50x30',
      [publishes('0.1')]: '0+100x30',
      [publishes('+Inf')]: '0+100x30',
      [publishes('0.05').replace('"ok"', '"broker_unavailable"')]: '0+20000x30',
      [publishes('+Inf').replace('"ok"', '"broker_unavailable"')]: '0+20000x30',
    },
  },
  ...pair('KittiwakeGapsSignalled', '10m', {
    fires: [
      'a gap cannot be filled',
      { [`kittiwake_gaps_total{${GATEWAY}, result="signalled"}`]: '0x5 2x20' },
    ],
    quiet: ['all gaps are filled', { [`kittiwake_gaps_total{${GATEWAY}, result="filled"}`]: '0+5x20' }],
  }),
  ...pair('KittiwakeResumesIncomplete', '25m', {
    fires: [
      'a tenth finds its history trimmed',
      {
        [`kittiwake_resumes_total{${GATEWAY}, outcome="recovered"}`]: '0+90x30',
        [`kittiwake_resumes_total{${GATEWAY}, outcome="trimmed"}`]: '0+10x30',
      },
    ],
    quiet: [
      'everybody gets everything, or is new',
      {
        [`kittiwake_resumes_total{${GATEWAY}, outcome="recovered"}`]: '0+100x30',
        [`kittiwake_resumes_total{${GATEWAY}, outcome="fresh"}`]: '0+900x30',
        [`kittiwake_resumes_total{${GATEWAY}, outcome="trimmed"}`]: '0+1x30',
      },
    ],
  }),
];
