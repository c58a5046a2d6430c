import { type AlertCase, GATEWAY, pair, type Story } from './alert-case.ts';

const DELIVER = 'kittiwake_publish_to_deliver_seconds';

/** Deliveries of which a share is slower than the bound `le`: `slow` of 1,000 a step. */
function slow(when: string, le: string, perMille: number): Story {
  return [
    when,
    {
      [`${DELIVER}_count{${GATEWAY}}`]: '0+1000x200',
      [`${DELIVER}_bucket{${GATEWAY}, le="${le}"}`]: `0+${1000 - perMille}x200`,
    },
  ];
}

/** Events of two results, so many a step. */
function results(when: string, metric: string, counts: { readonly [result: string]: number }): Story {
  const extra = metric === 'kittiwake_publications_total' ? ', level="primary"' : '';
  const series = Object.entries(counts).map(([result, n]) => [
    `${metric}{${GATEWAY}${extra}, result="${result}"}`,
    `0+${n}x200`,
  ]);
  return [when, Object.fromEntries(series)];
}

const PUBLISH = 'kittiwake_publications_total';
const HANDSHAKE = 'kittiwake_handshakes_total';

/** The burn-rate alerts. Pages are judged after 70 minutes, tickets after 26 hours. */
export const sloCases: readonly AlertCase[] = [
  ...pair('KittiwakeChatLatencyBudgetPage', '70m', {
    fires: slow('30 % are slower than 100 ms', '0.1', 300),
    quiet: slow('5 % are: below six times the budget', '0.1', 50),
  }),
  ...pair('KittiwakeChatLatencyBudgetTicket', '26h', {
    step: '10m',
    fires: slow('4 % are slower than 100 ms all day', '0.1', 40),
    quiet: slow('0.5 % are: within the budget', '0.1', 5),
  }),
  ...pair('KittiwakeGamingLatencyBudgetPage', '70m', {
    fires: slow('80 % are slower than 50 ms', '0.05', 800),
    quiet: slow('20 % are: below six times the budget', '0.05', 200),
  }),
  ...pair('KittiwakeGamingLatencyBudgetTicket', '26h', {
    step: '10m',
    fires: slow('18 % are slower than 50 ms all day', '0.05', 180),
    quiet: slow('3 % are: within the budget', '0.05', 30),
  }),
  ...pair('KittiwakePublishAvailabilityBudgetPage', '70m', {
    fires: results('the broker takes nothing of 5 %', PUBLISH, { acked: 950, failed: 50 }),
    quiet: results('clients send what is not allowed', PUBLISH, { acked: 500, rejected: 500 }),
  }),
  ...pair('KittiwakePublishAvailabilityBudgetTicket', '26h', {
    step: '10m',
    fires: results('0.4 % have an unknown outcome all day', PUBLISH, { acked: 9_960, unknown: 40 }),
    quiet: results('0.05 % do: within the budget', PUBLISH, { acked: 9_995, unknown: 5 }),
  }),
  ...pair('KittiwakeConnectAvailabilityBudgetPage', '70m', {
    fires: results('gateways are full for 5 %', HANDSHAKE, { accepted: 950, too_many_connections: 50 }),
    quiet: results('foreign origins are refused', HANDSHAKE, { accepted: 500, forbidden_origin: 500 }),
  }),
  ...pair('KittiwakeConnectAvailabilityBudgetTicket', '26h', {
    step: '10m',
    fires: results('0.4 % meet a draining gateway all day', HANDSHAKE, { accepted: 9_960, draining: 40 }),
    quiet: results('0.05 % do: within the budget', HANDSHAKE, { accepted: 9_995, draining: 5 }),
  }),
  {
    alert: 'KittiwakeChatLatencyBudgetPage',
    when: 'it was bad for 50 minutes and has been well for 35: the short windows are clean',
    fires: false,
    at: '85m',
    series: {
      [`${DELIVER}_count{${GATEWAY}}`]: '0+1000x200',
      [`${DELIVER}_bucket{${GATEWAY}, le="0.1"}`]: '0+400x50 21000+1000x50',
    },
  },
  {
    alert: 'KittiwakeConnectAvailabilityBudgetPage',
    when: 'nobody connects at all',
    fires: false,
    at: '70m',
    series: { [`${HANDSHAKE}{${GATEWAY}, result="accepted"}`]: '7x200' },
  },
  {
    alert: 'KittiwakePublishAvailabilityBudgetPage',
    when: 'nothing was ever acknowledged: the good series does not exist',
    fires: true,
    at: '70m',
    series: { [`${PUBLISH}{${GATEWAY}, level="primary", result="failed"}`]: '0+100x200' },
  },
];
