import { above, type Panelled, stat, timeseries } from '../../common/panels.ts';
import { inRange, percentiles, perSecond, quantile, total } from '../../common/queries.ts';

/** How many use the cluster, and whether what they send arrives. */
export const nowStats: readonly Panelled[] = [
  stat({
    title: 'Connections',
    description: 'Open connections on the selected gateways; what the autoscaler looks at.',
    unit: 'short',
    queries: [{ expr: total('kittiwake_connections_active'), legend: 'connections' }],
  }),
  stat({
    title: 'Gateways',
    description: 'Gateways that are scraped.',
    unit: 'short',
    queries: [{ expr: total('kittiwake_build_info'), legend: 'gateways' }],
  }),
  stat({
    title: 'Published',
    description: 'Publications a second that clients and backends asked for.',
    unit: 'ops',
    queries: [{ expr: perSecond('kittiwake_publications_total'), legend: 'published' }],
  }),
  stat({
    title: 'Delivered',
    description: 'Publications a second that were handed to members: the fan-out.',
    unit: 'ops',
    queries: [{ expr: perSecond('kittiwake_deliveries_total'), legend: 'delivered' }],
  }),
  stat(
    {
      title: 'Publish to deliver, p99',
      description:
        'From the acceptance of a publication to its delivery, 99th percentile. Chat allows 100 ms, games 50 ms.',
      unit: 's',
      queries: [{ expr: quantile(0.99, 'kittiwake_publish_to_deliver_seconds'), legend: 'p99' }],
    },
    { steps: above({ warning: 0.05, critical: 0.1 }) },
  ),
  stat(
    {
      title: 'Gaps signalled',
      description:
        'Gaps in live streams that could not be filled, in the range shown. The sessions were told; it should be zero.',
      unit: 'short',
      queries: [{ expr: inRange('kittiwake_gaps_total', { where: 'result="signalled"' }), legend: 'gaps' }],
    },
    { steps: above({ critical: 1 }), decimals: 0 },
  ),
];

/** Latency, traffic, errors, saturation. */
export const goldenSignals: readonly Panelled[] = [
  timeseries(
    {
      title: 'Latency: publish to deliver',
      description:
        'Percentiles of the time from a publication’s acceptance to its delivery, over all selected gateways.',
      unit: 's',
      queries: percentiles('kittiwake_publish_to_deliver_seconds'),
    },
    { width: 12, limit: 0.1 },
  ),
  timeseries(
    {
      title: 'Traffic: messages',
      description:
        'Messages a second from and to clients. Sent is many times received where channels have many members.',
      unit: 'ops',
      queries: [
        { expr: perSecond('kittiwake_messages_received_total'), legend: 'received' },
        { expr: perSecond('kittiwake_messages_sent_total'), legend: 'sent' },
      ],
    },
    { width: 12 },
  ),
  timeseries(
    {
      title: 'Errors: answered to clients, by kind',
      description:
        'Error messages a second by kind. The kinds are those of the protocol; `internal` and `broker_unavailable` are ours, most others the client’s.',
      unit: 'ops',
      queries: [{ expr: perSecond('kittiwake_errors_total', { by: ['kind'] }), legend: '{{kind}}' }],
    },
    { width: 12, stacked: true },
  ),
  timeseries(
    {
      title: 'Saturation: CPU of each gateway',
      description:
        'Cores in use. A gateway runs on one core; near 1 it is full, and the event loop comes late.',
      unit: 'short',
      queries: [{ expr: perSecond('process_cpu_seconds_total', { by: ['pod'] }), legend: '{{pod}}' }],
    },
    { width: 12, limit: 0.9 },
  ),
];
