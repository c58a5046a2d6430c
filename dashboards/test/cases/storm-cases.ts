import { type AlertCase, GATEWAY, pair } from './alert-case.ts';

const REFUSED = `kittiwake_admission_refused_total{${GATEWAY}, reason="rate", client="resume", told="header"}`;

/** Storms, and gateways that hear nothing. */
export const stormCases: readonly AlertCase[] = [
  ...pair('KittiwakeAdmissionRefusing', '15m', {
    fires: ['two a second are refused, on and on', { [REFUSED]: '0+120x20' }],
    quiet: ['thousands are refused within two minutes, and then nobody', { [REFUSED]: '0x3 9000 18000x20' }],
  }),
  ...pair('KittiwakeCanaryFailing', '10m', {
    fires: ['no canary comes back', { [`kittiwake_broker_canary_age_seconds{${GATEWAY}}`]: '1x3 20+60x10' }],
    quiet: [
      'one is lost, and the next one comes',
      { [`kittiwake_broker_canary_age_seconds{${GATEWAY}}`]: '1x4 9 1x10' },
    ],
  }),
  ...pair('KittiwakeGatewayDeaf', '10m', {
    fires: ['one gateway hears nothing', { [`kittiwake_delivery_state{${GATEWAY}}`]: '0x3 2x10' }],
    quiet: ['nobody hears anything', { [`kittiwake_delivery_state{${GATEWAY}}`]: '0x3 1x10' }],
  }),
];
