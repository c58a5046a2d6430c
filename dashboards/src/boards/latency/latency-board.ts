import type { Board } from '../../common/layout.ts';
import { heatmap, type Panelled, timeseries } from '../../common/panels.ts';
import { buckets, percentiles, quantile } from '../../common/queries.ts';

const wholeWay: readonly Panelled[] = [
  timeseries(
    {
      title: 'Publish to deliver',
      description:
        'From the acceptance at one gateway to the delivery at another; what the latency objectives measure.',
      unit: 's',
      queries: percentiles('kittiwake_publish_to_deliver_seconds'),
    },
    { width: 12, limit: 0.1 },
  ),
  heatmap({
    title: 'Publish to deliver, all of them',
    description:
      'Every delivery by its latency. A second band is a second path: another zone, or a gateway that is late.',
    unit: 's',
    queries: [{ expr: buckets('kittiwake_publish_to_deliver_seconds'), legend: '{{le}}' }],
  }),
  timeseries(
    {
      title: 'Publish to deliver by gateway, p99',
      description: 'One line that stands out is a gateway; all of them together are the broker.',
      unit: 's',
      queries: [
        {
          expr: quantile(0.99, 'kittiwake_publish_to_deliver_seconds', { by: ['pod'] }),
          legend: '{{pod}}',
        },
      ],
    },
    { width: 24, limit: 0.1 },
  ),
];

const legs: readonly Panelled[] = [
  timeseries({
    title: 'Publish to acknowledgement, p99',
    description:
      'What a publisher waits, by acknowledgement level; `replicated` waits for a second Redis node.',
    unit: 's',
    queries: [
      {
        expr: quantile(0.99, 'kittiwake_publish_duration_seconds', { by: ['level'] }),
        legend: '{{level}}',
      },
    ],
  }),
  timeseries({
    title: 'Broker publish',
    description: 'The broker’s own part of a publish.',
    unit: 's',
    queries: percentiles('kittiwake_broker_operation_seconds', {
      where: 'operation="publish", result!="broker_unavailable"',
    }),
  }),
  timeseries({
    title: 'Broker to subscriber',
    description: 'From a canary’s publish to its return on the subscriber connection.',
    unit: 's',
    queries: percentiles('kittiwake_broker_canary_seconds'),
  }),
];

const clients: readonly Panelled[] = [
  timeseries(
    {
      title: 'Heartbeat round trip',
      description:
        'From a ping to its pong: the network and the ingress between gateway and clients, there and back.',
      unit: 's',
      queries: percentiles('kittiwake_heartbeat_rtt_seconds'),
    },
    { width: 12 },
  ),
  heatmap({
    title: 'Heartbeat round trips, all of them',
    description:
      'Pongs by round trip. Rows far up are mobile clients; if they suddenly all move up, look at the ingress.',
    unit: 's',
    queries: [{ expr: buckets('kittiwake_heartbeat_rtt_seconds'), legend: '{{le}}' }],
  }),
];

/** Where the time goes, from the ingress to the delivery. Each row is one leg of a publication's way. */
export function latencyBoard(): Board {
  return {
    name: 'latency',
    title: 'Kittiwake / Ingress to deliver',
    description:
      'Latency of a publication leg by leg: publish, broker, delivery, and the clients’ own round trip through the ingress.',
    rows: [
      { title: 'The whole way', panels: wholeWay },
      { title: 'Leg by leg', panels: legs },
      { title: 'Clients and ingress', panels: clients },
    ],
  };
}
