import { type Panelled, timeseries } from '../../common/panels.ts';
import { perSecond } from '../../common/queries.ts';

/** Whether streams are whole: gaps, and what sessions that come back can still have. */
export const continuity: readonly Panelled[] = [
  timeseries({
    title: 'Gaps in live streams',
    description:
      'Gaps a second. `filled` were repaired from the log unseen; `signalled` were not, and the sessions were told.',
    unit: 'ops',
    queries: [{ expr: perSecond('kittiwake_gaps_total', { by: ['result'] }), legend: '{{result}}' }],
  }),
  timeseries(
    {
      title: 'Resumes by outcome',
      description:
        'Joins a second by what became of the history. After a failover expect `truncated`; `trimmed` means that histories are kept too short.',
      unit: 'ops',
      queries: [{ expr: perSecond('kittiwake_resumes_total', { by: ['outcome'] }), legend: '{{outcome}}' }],
    },
    { stacked: true },
  ),
  timeseries({
    title: 'Replayed publications',
    description:
      'Publications a second that were sent by resumes; the read load that a storm puts on the broker.',
    unit: 'ops',
    queries: [{ expr: perSecond('kittiwake_replayed_publications_total'), legend: 'replayed' }],
  }),
];
