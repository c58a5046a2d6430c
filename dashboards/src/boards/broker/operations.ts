import { heatmap, type Panelled, timeseries } from '../../common/panels.ts';
import { buckets, quantile } from '../../common/queries.ts';

const OPERATIONS = 'kittiwake_broker_operation_seconds';

/** What is refused at once, because the broker is away, took no time and would flatter the figures. */
const ANSWERED = 'result!="broker_unavailable"';
const ANSWERED_PUBLISH = `operation="publish", ${ANSWERED}`;

/** How fast the broker answers, and what it refuses. */
export const operations: readonly Panelled[] = [
  timeseries(
    {
      title: 'Operations, p99',
      description: '99th percentile of each kind of broker call: publish, read, subscribe, presence.',
      unit: 's',
      queries: [
        { expr: quantile(0.99, OPERATIONS, { by: ['operation'], where: ANSWERED }), legend: '{{operation}}' },
      ],
    },
    { width: 12, limit: 0.05 },
  ),
  timeseries(
    {
      title: 'Operations by result',
      description: 'Broker calls a second by kind and result.',
      unit: 'ops',
      queries: [
        {
          expr: `sum by (operation, result) (rate(${OPERATIONS}_count{namespace=~"$namespace", pod=~"$gateway"}[$__rate_interval]))`,
          legend: '{{operation}}: {{result}}',
        },
      ],
    },
    { width: 12, stacked: true },
  ),
  heatmap(
    {
      title: 'Publishes',
      description: 'Broker publishes by duration. Two bands often are two zones.',
      unit: 's',
      queries: [{ expr: buckets(OPERATIONS, { where: ANSWERED_PUBLISH }), legend: '{{le}}' }],
    },
    { width: 24 },
  ),
];
