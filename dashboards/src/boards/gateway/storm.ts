import { type Panelled, timeseries } from '../../common/panels.ts';
import { largest, perSecond } from '../../common/queries.ts';

const admission: readonly Panelled[] = [
  timeseries({
    title: 'Admission rate',
    description:
      'New connections a second that each gateway lets in. It falls while the event loop is late or the broker is down, and rises again by itself.',
    unit: 'ops',
    queries: [{ expr: largest('kittiwake_admission_rate', { by: ['pod'] }), legend: '{{pod}}' }],
  }),
  timeseries(
    {
      title: 'Newcomers that were refused',
      description:
        'Connections a second that were too many, by whether they resume a session and by what limited the rate. Resumes should be gone first.',
      unit: 'ops',
      queries: [
        {
          expr: perSecond('kittiwake_admission_refused_total', { by: ['client', 'reason'] }),
          legend: '{{client}}: {{reason}}',
        },
      ],
    },
    { stacked: true },
  ),
  timeseries({
    title: 'How long newcomers wait',
    description:
      'What a client that is refused now is told to wait. It is the length of the crowd: it should fall by a second in a second.',
    unit: 's',
    queries: [
      {
        expr: largest('kittiwake_admission_wait_seconds', { by: ['pod', 'client'] }),
        legend: '{{pod}} {{client}}',
      },
    ],
  }),
];

const comingBack: readonly Panelled[] = [
  timeseries(
    {
      title: 'How the refused were told',
      description:
        'By the header of the answer, by `goaway` where a browser could not see that, or not at all: those come back by their own backoff.',
      unit: 'ops',
      queries: [
        { expr: perSecond('kittiwake_admission_refused_total', { by: ['told'] }), legend: '{{told}}' },
      ],
    },
    { stacked: true },
  ),
  timeseries({
    title: 'Accepted, and reads of histories',
    description:
      'Connections a second that were let in, and reads of channels’ histories. A crowd that comes back to one channel is served by a few reads.',
    unit: 'ops',
    queries: [
      { expr: perSecond('kittiwake_handshakes_total', { where: 'result="accepted"' }), legend: 'accepted' },
      {
        expr: perSecond('kittiwake_resumes_total', { where: 'outcome!="fresh"' }),
        legend: 'resumes',
      },
      {
        expr: 'sum (rate(kittiwake_broker_operation_seconds_count{namespace=~"$namespace", pod=~"$gateway", operation="read"}[$__rate_interval]))',
        legend: 'reads',
      },
    ],
  }),
  timeseries(
    {
      title: 'Does what is published come back?',
      description:
        '0 delivers; 1 nothing comes back, and no gateway is known to do better; 2 it comes back to others only, and the gateway has left the Service.',
      unit: 'none',
      queries: [{ expr: largest('kittiwake_delivery_state', { by: ['pod'] }), legend: '{{pod}}' }],
    },
    { max: 2 },
  ),
];

/** Many who come at once, and whether gateways are well meanwhile. */
export const storm: readonly Panelled[] = [...admission, ...comingBack];
