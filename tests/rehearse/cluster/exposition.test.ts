import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseExposition, sumOf } from './exposition.ts';
import { parseCommandStats } from './redis-door.ts';

const PAGE = `# HELP kittiwake_sessions Authenticated sessions.
# TYPE kittiwake_sessions gauge
kittiwake_sessions 12
kittiwake_errors_total{kind="forbidden"} 3
kittiwake_errors_total{kind="broker_unavailable"} 4
kittiwake_errors_total_other 100
no number
`;

test('[V3] a page of metrics is read by series, and what is no sample is passed over', () => {
  const samples = parseExposition(PAGE);
  assert.equal(samples.get('kittiwake_sessions'), 12);
  assert.equal(sumOf(samples, 'kittiwake_errors_total'), 7);
  assert.equal(sumOf(samples, 'kittiwake_errors_total', 'kind="broker_unavailable"'), 4);
  assert.equal(sumOf(samples, 'absent'), 0);
});

test('[V3] commands of Redis are counted by their names', () => {
  const info = '# Commandstats\ncmdstat_evalsha:calls=12,usec=30\r\ncmdstat_client|setname:calls=2,usec=1\n';
  assert.deepEqual(
    [...parseCommandStats(info)],
    [
      ['evalsha', 12],
      ['client|setname', 2],
    ],
  );
});
