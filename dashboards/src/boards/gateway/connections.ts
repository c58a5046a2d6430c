import { heatmap, type Panelled, timeseries } from '../../common/panels.ts';
import { buckets, percentiles, perSecond, total } from '../../common/queries.ts';

const handshakes: readonly Panelled[] = [
  timeseries(
    {
      title: 'Handshakes by result',
      description: 'WebSocket handshakes a second. Everything but `accepted` was refused, and says why.',
      unit: 'ops',
      queries: [{ expr: perSecond('kittiwake_handshakes_total', { by: ['result'] }), legend: '{{result}}' }],
    },
    { stacked: true, width: 12 },
  ),
  timeseries(
    {
      title: 'Handshake to connected',
      description:
        'Time from the handshake to `connected`: token verification and, above all, how soon the client speaks.',
      unit: 's',
      queries: percentiles('kittiwake_connect_duration_seconds'),
    },
    { width: 12 },
  ),
];

/** Who is connected, who comes and who leaves. */
export const connections: readonly Panelled[] = [
  timeseries({
    title: 'Connections by gateway',
    description:
      'Open connections that are not asked to move. Uneven lines mean that long-lived connections have not spread yet.',
    unit: 'short',
    queries: [{ expr: total('kittiwake_connections_active', { by: ['pod'] }), legend: '{{pod}}' }],
  }),
  timeseries({
    title: 'Sessions, memberships, channels',
    description: 'Authenticated sessions, pairs of session and channel, and channels with a member here.',
    unit: 'short',
    queries: [
      { expr: total('kittiwake_sessions'), legend: 'sessions' },
      { expr: total('kittiwake_memberships'), legend: 'memberships' },
      { expr: total('kittiwake_channels'), legend: 'channels' },
      { expr: total('kittiwake_presence_members'), legend: 'in presence' },
    ],
  }),
  timeseries(
    {
      title: 'Disconnects by reason',
      description:
        'Connections a second that ended, by close code and its reason; the close table of the protocol says what clients do next.',
      unit: 'ops',
      queries: [
        {
          expr: perSecond('kittiwake_disconnects_total', { by: ['code', 'reason'] }),
          legend: '{{code}} {{reason}}',
        },
      ],
    },
    { stacked: true },
  ),
  heatmap({
    title: 'How long connections lived',
    description:
      'Ended connections by lifetime. A band at the bottom is clients that come and go: a proxy timeout, or a crash loop.',
    unit: 's',
    queries: [{ expr: buckets('kittiwake_connection_duration_seconds'), legend: '{{le}}' }],
  }),
  timeseries(
    {
      title: 'Resumes by outcome',
      description:
        'Joins a second by what became of the history. `truncated`, `trimmed` and `unknown` could not have everything.',
      unit: 'ops',
      queries: [{ expr: perSecond('kittiwake_resumes_total', { by: ['outcome'] }), legend: '{{outcome}}' }],
    },
    { stacked: true, width: 12 },
  ),
  ...handshakes,
];
