import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDrill } from './drill-options.ts';

test('[F1] a kind alone is a drill, with what is usual for it', () => {
  const crash = parseDrill(['--kind', 'crash', '--times', '3']);
  assert.ok(crash.ok && crash.value.do === 'run');
  const { times, clients, network, report } = crash.value.options;
  assert.deepEqual(
    { times, clients, network, report },
    { times: 3, clients: 300, network: 'none', report: 'docs/drills' },
  );
  const storm = parseDrill(['--kind', 'storm']);
  assert.ok(storm.ok && storm.value.do === 'run' && storm.value.options.clients === 18_000);
});

test('[F1] a quick drill is no measurement: it writes no report', () => {
  const quick = parseDrill(['--kind', 'crash', '--quick']);
  assert.ok(quick.ok && quick.value.do === 'run' && quick.value.options.report === undefined);
});

test('[F1] what is wrong with a command line is said', () => {
  for (const [args, what] of [
    [[], /--kind is one of/],
    [['--kind', 'flood'], /--kind is one of/],
    [['--kind', 'crash', '--times', 'many'], /--times is a whole number/],
    [['--kin', 'crash'], /--kin/],
  ] as const) {
    const parsed = parseDrill(args);
    assert.ok(!parsed.ok);
    assert.match(parsed.error, what);
  }
});
