import { type Panelled, timeseries } from '../../common/panels.ts';
import { largest, perSecond, total } from '../../common/queries.ts';

/** The process itself. */
export const eventLoop: readonly Panelled[] = [
  timeseries(
    {
      title: 'Event-loop lag, p99',
      description:
        'Delay of the event loop over the last scrape interval. Everything that this gateway delivers is at least as late.',
      unit: 's',
      queries: [
        {
          expr: largest('kittiwake_event_loop_lag_seconds', { by: ['pod'], where: 'quantile="0.99"' }),
          legend: '{{pod}}',
        },
      ],
    },
    { limit: 0.05 },
  ),
  timeseries({
    title: 'Memory by gateway',
    description: 'Resident memory of the process.',
    unit: 'bytes',
    queries: [{ expr: total('process_resident_memory_bytes', { by: ['pod'] }), legend: '{{pod}}' }],
  }),
  timeseries({
    title: 'Memory by kind',
    description:
      'The V8 heap in use, and memory outside of it that its objects own: buffers of sockets and frames.',
    unit: 'bytes',
    queries: [
      { expr: total('nodejs_heap_size_used_bytes'), legend: 'heap' },
      { expr: total('nodejs_external_memory_bytes'), legend: 'external' },
    ],
  }),
  timeseries(
    {
      title: 'CPU by gateway',
      description: 'Cores in use. A gateway runs its own code on one core.',
      unit: 'short',
      queries: [{ expr: perSecond('process_cpu_seconds_total', { by: ['pod'] }), legend: '{{pod}}' }],
    },
    { width: 12, limit: 0.9 },
  ),
  timeseries(
    {
      title: 'Broken assertions',
      description: 'Broken beliefs of the code, a second. Each one is a bug; the line should stay at zero.',
      unit: 'short',
      queries: [
        {
          expr: perSecond('kittiwake_assertion_failures_total', { by: ['pod', 'room'] }),
          legend: '{{pod}} {{room}}',
        },
      ],
    },
    { width: 12 },
  ),
];
