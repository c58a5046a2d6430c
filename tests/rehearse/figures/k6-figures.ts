import { LOAD_METRICS } from '@kittiwake/metrics-catalog';
import type { K6Summary } from '../../cluster/lib/k6.ts';
import type { Figure } from '../../drill/report/promises.ts';
import { NEVER } from '../limits.ts';
import { limited, limitedIn } from './limited.ts';

/** What k6's clients, which are none of ours, found over the whole rehearsal. */
export function k6Figures({ metrics }: K6Summary): readonly Figure[] {
  const read = (name: string, statistic: string): number => metrics[name]?.values[statistic] ?? 0;
  const count = (name: string): number => read(name, 'count');
  const wait = (name: string, statistic: string) => ({ value: read(name, statistic) });
  return [
    { what: 'k6: deliveries', value: count(LOAD_METRICS.delivered) },
    limited('k6: lost', count(LOAD_METRICS.lost), NEVER.lost),
    limited('k6: duplicated', count(LOAD_METRICS.duplicated), NEVER.duplicated),
    limited('k6: reordered', count(LOAD_METRICS.reordered), NEVER.reordered),
    { what: 'k6: connections cut, or asked to go elsewhere', value: count(LOAD_METRICS.cut) },
    limitedIn('ms', 'k6: whole again after that, p95', wait(LOAD_METRICS.resumeMs, 'p(95)')),
    limitedIn('ms', 'k6: publish to deliver, p99', wait(LOAD_METRICS.publishToDeliverMs, 'p(99)')),
  ];
}
