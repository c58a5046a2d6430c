import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planRun } from './plan-run.ts';
import { runK6 } from './run-k6.ts';

test('[W9] the options become k6’s', () => {
  const plan = planRun(['latency', '--url', 'wss://h/v1/ws', '--profile', 'spike', '--token', 't']);
  assert.deepEqual(plan, {
    ok: true,
    value: {
      kind: 'run',
      args: [
        ...['run', '--quiet', '--env', 'URL=wss://h/v1/ws', '--env', 'PROFILE=spike', '--env', 'TOKEN=t'],
        'load-tests/scenarios/latency.ts',
      ],
    },
  });
});

test('[W9] without a scenario, and for --help, it explains itself', () => {
  for (const argv of [[], ['--help'], ['storm', '-h']])
    assert.deepEqual(planRun(argv), { ok: true, value: { kind: 'help' } });
});

for (const argv of [
  ['flood'],
  ['latency', 'storm'],
  ['latency', '--profile', 'huge'],
  ['storm', '--kill', 'me'],
  ['latency', '--wat'],
]) {
  test(`[W9] refuses ${argv.join(' ')}`, () => assert.equal(planRun(argv).ok, false));
}

test('[W9] answers 127 where k6 is missing', async () => {
  assert.equal(await runK6([], new URL('.', import.meta.url), 'no-such-program-as-this'), 127);
});

test('[W9] gives the status of k6', async () => {
  assert.equal(await runK6(['-e', 'process.exit(99)'], new URL('.', import.meta.url), process.execPath), 99);
});
