import { heatmap, type Panelled, timeseries } from '../../common/panels.ts';
import { buckets, mean, perSecond } from '../../common/queries.ts';

/** What goes in and how it multiplies. */
export const fanOut: readonly Panelled[] = [
  timeseries({
    title: 'Publications by result',
    description:
      'Publishes a second. `rejected` is the client’s fault, `failed` and `unknown` are the broker’s.',
    unit: 'ops',
    queries: [{ expr: perSecond('kittiwake_publications_total', { by: ['result'] }), legend: '{{result}}' }],
  }),
  timeseries({
    title: 'Deliveries by gateway',
    description: 'Publications a second handed to members.',
    unit: 'ops',
    queries: [{ expr: perSecond('kittiwake_deliveries_total', { by: ['pod'] }), legend: '{{pod}}' }],
  }),
  timeseries({
    title: 'Members per publication',
    description: 'Local members that one publication went to, on average.',
    unit: 'short',
    queries: [{ expr: mean('kittiwake_fan_out_members', { by: ['pod'] }), legend: '{{pod}}' }],
  }),
  heatmap({
    title: 'Fan-out sizes',
    description:
      'Publications by the number of local members that they went to. The top rows are the hot channels.',
    unit: 'short',
    queries: [{ expr: buckets('kittiwake_fan_out_members'), legend: '{{le}}' }],
  }),
  timeseries(
    {
      title: 'Bytes',
      description: 'Payload bytes a second from clients, and framed bytes to sockets.',
      unit: 'Bps',
      queries: [
        { expr: perSecond('kittiwake_bytes_received_total'), legend: 'received' },
        { expr: perSecond('kittiwake_bytes_sent_total'), legend: 'sent' },
      ],
    },
    { width: 12 },
  ),
];
