import { type AlertCase, GATEWAY, pair } from './alert-case.ts';

/** Gateways: presence, drains, assertions, saturation. */
export const gatewayCases: readonly AlertCase[] = [
  ...pair('KittiwakeNoGateways', '10m', {
    fires: ['nothing is scraped', { 'up{job="other"}': '1x20' }],
    quiet: [
      'a gateway without a connection is a gateway',
      { [`kittiwake_connections_active{${GATEWAY}}`]: '0x20' },
    ],
  }),
  ...pair('KittiwakeDrainStuck', '10m', {
    fires: ['it drains on and on', { [`kittiwake_drain_state{${GATEWAY}}`]: '0x1 2x20' }],
    quiet: [
      'it is held, and drains for three minutes',
      { [`kittiwake_drain_state{${GATEWAY}}`]: '0x1 1x4 2x2 3x20' },
    ],
  }),
  ...pair('KittiwakeAssertionFailed', '10m', {
    fires: [
      'one assertion breaks',
      { [`kittiwake_assertion_failures_total{${GATEWAY}, room="session"}`]: '0x4 1x20' },
    ],
    quiet: [
      'one broke long ago',
      { [`kittiwake_assertion_failures_total{${GATEWAY}, room="session"}`]: '1x20' },
    ],
  }),
  ...pair('KittiwakeEventLoopLagHigh', '10m', {
    fires: ['p99 is 80 ms', { [`kittiwake_event_loop_lag_seconds{${GATEWAY}, quantile="0.99"}`]: '0.08x20' }],
    quiet: [
      'only the maximum is high',
      {
        [`kittiwake_event_loop_lag_seconds{${GATEWAY}, quantile="0.99"}`]: '0.01x20',
        [`kittiwake_event_loop_lag_seconds{${GATEWAY}, quantile="1"}`]: '0.3x20',
      },
    ],
  }),
  ...pair('KittiwakeOutboxLarge', '10m', {
    fires: ['100 MB wait', { [`kittiwake_outbox_bytes{${GATEWAY}}`]: '100000000x20' }],
    quiet: [
      'a burst drains within a minute',
      { [`kittiwake_outbox_bytes{${GATEWAY}}`]: '0x3 100000000 0x20' },
    ],
  }),
  ...pair('KittiwakeSlowConsumers', '20m', {
    fires: ['two a second', { [`kittiwake_outbox_overflows_total{${GATEWAY}}`]: '0+120x30' }],
    quiet: ['one a minute', { [`kittiwake_outbox_overflows_total{${GATEWAY}}`]: '0+1x30' }],
  }),
  ...pair('KittiwakeHandshakesRefused', '15m', {
    fires: [
      'two a second find no room',
      { [`kittiwake_handshakes_total{${GATEWAY}, result="too_many_connections"}`]: '0+120x30' },
    ],
    quiet: [
      'two a second have no token',
      { [`kittiwake_handshakes_total{${GATEWAY}, result="unauthenticated"}`]: '0+120x30' },
    ],
  }),
];
