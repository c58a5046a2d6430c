import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import { until } from '@kittiwake/testkit';
import { fixSize, readScaling, type Scaling, setScaling } from '../rehearse/cluster/size.ts';
import { openAccess } from './lib/access.ts';
import { forceDelete, untilReady } from './lib/deploy.ts';
import { hasK6, type K6Summary, k6Environment } from './lib/k6.ts';
import { podsOf, SKIP } from './lib/kubectl.ts';
import { record } from './lib/report.ts';

const WITHOUT_K6 = hasK6() ? false : 'k6 is not installed';
const KILL_CUE = 'kill a gateway now';
const GATEWAYS = 3;

describe('load', { skip: SKIP || WITHOUT_K6, timeout: 400_000 }, () => {
  let scaling: Scaling | undefined;
  before(async () => {
    scaling = await readScaling();
    await atRest();
  });
  after(async () => {
    if (scaling !== undefined) await setScaling(scaling);
  });

  test('[W5] k6 latency holds the service-level objectives through the ingress', async () => {
    assert.equal(await load(['latency']), 0);
    await report('latency');
  });

  test('[W6] k6 storm: all clients of a killed gateway come back, and nothing is lost', async () => {
    await untilReady(90_000);
    const status = await load(['storm'], async () => {
      const [victim] = await podsOf('gateway');
      await forceDelete(victim?.metadata.name ?? assert.fail('a gateway'));
    });
    assert.equal(status, 0);
    await report('storm');
  });
});

/** The tests before leave gateways that the autoscaler would take away, and so move sessions, in the middle of what is measured. */
async function atRest(): Promise<void> {
  await fixSize(GATEWAYS);
  await until(async () => (await podsOf('gateway')).length === GATEWAYS, {
    timeoutMs: 120_000,
    what: `${GATEWAYS} gateways, and none that drains`,
  });
  await untilReady(90_000);
}

/** Runs a scenario; `onCue` is called when it says that the gateway should be killed. Returns its exit status. */
async function load(args: readonly string[], onCue: () => Promise<void> = async () => {}): Promise<number> {
  const { url } = await openAccess();
  const env = { ...process.env, ...(await k6Environment()) };
  const run = spawn(process.execPath, ['load-tests/run.ts', ...args, '--url', url], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let cued = false;
  let output = '';
  const read = (chunk: Buffer): void => {
    output += chunk.toString();
    if (cued || !output.includes(KILL_CUE)) return;
    cued = true;
    void onCue();
  };
  run.stdout.on('data', read);
  run.stderr.on('data', read);
  const [status] = await once(run, 'exit');
  console.log(output.split('\n').slice(-40).join('\n'));
  return status;
}

/** What a reader of the report wants to see of a run: percentiles of the waits, and what must be zero. */
const SHOWN: readonly (readonly [name: RegExp, statistics: readonly string[], unit: string])[] = [
  [/_ms(\{.*\})?$/, ['med', 'p(95)', 'p(99)'], 'ms'],
  [/_(lost|duplicated|reordered|delivered|refused|cut)_[a-z]+$/, ['count'], ''],
];

/** Writes down what the run's JSON file says. */
async function report(scenario: string): Promise<void> {
  const results: K6Summary = JSON.parse(await readFile(`load-tests/results/${scenario}-smoke.json`, 'utf8'));
  for (const [name, { values }] of Object.entries(results.metrics)) {
    for (const [pattern, statistics, unit] of SHOWN) {
      if (!pattern.test(name)) continue;
      for (const statistic of statistics) {
        const value = values[statistic];
        if (value !== undefined)
          record(`k6 ${scenario}: ${name.replace('kittiwake_', '')} ${statistic}`, value, unit);
      }
    }
  }
}
