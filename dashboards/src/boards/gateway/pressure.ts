import { type Panelled, timeseries } from '../../common/panels.ts';
import { perSecond, total } from '../../common/queries.ts';

/** Outboxes and limits: who is slower, or louder, than allowed. */
export const pressure: readonly Panelled[] = [
  timeseries(
    {
      title: 'Outbox bytes by gateway',
      description:
        'Bytes that wait for sockets, all peers together. It grows when clients read more slowly than their channels publish.',
      unit: 'bytes',
      queries: [{ expr: total('kittiwake_outbox_bytes', { by: ['pod'] }), legend: '{{pod}}' }],
    },
    { limit: 67_108_864 },
  ),
  timeseries({
    title: 'Peers closed for not reading',
    description: 'Connections a second closed with 4431 because their outbox was full.',
    unit: 'ops',
    queries: [{ expr: perSecond('kittiwake_outbox_overflows_total', { by: ['pod'] }), legend: '{{pod}}' }],
  }),
  timeseries({
    title: 'Left out for slow members',
    description:
      'Publications a second that members of conflating channels were not sent, as newer ones came; each is told.',
    unit: 'ops',
    queries: [
      { expr: perSecond('kittiwake_conflated_publications_total', { by: ['pod'] }), legend: '{{pod}}' },
    ],
  }),
  timeseries({
    title: 'Over a rate limit',
    description:
      'Requests a second over a limit, by whose limit and the verdict. `disconnect` follows warnings.',
    unit: 'ops',
    queries: [
      {
        expr: perSecond('kittiwake_rate_limited_total', { by: ['scope', 'verdict'] }),
        legend: '{{scope}}: {{verdict}}',
      },
    ],
  }),
];
