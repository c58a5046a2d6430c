import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { describe, test } from 'node:test';
import { isKept } from '../drill/report/promises.ts';
import { Closing } from '../rehearse/closing.ts';
import { canCutOff } from '../rehearse/cluster/node-tool.ts';
import { rehearse } from '../rehearse/rehearse.ts';
import { parseRehearsal, type RehearsalName } from '../rehearse/rehearse-options.ts';
import { figureLine } from '../rehearse/report/write-report.ts';
import { untilReady } from './lib/deploy.ts';
import { SKIP } from './lib/kubectl.ts';

const WITHOUT_TOOL = canCutOff() ? false : 'nothing here can cut a node off: set KITTIWAKE_CLUSTER_TOOL';

/** Short forms; for figures of time there is `npm run rehearse`, on a machine that does nothing else. */
describe('rehearsals', { skip: SKIP, timeout: 900_000 }, () => {
  test('[D2][K18] a deploy: nothing is lost, a client moves once at most', () => play('deploy'));
  test('[R25] a scale-out: nothing is lost, a client moves once at most', () => play('scale-out'));
  test('[L6][C2] a storm: everybody comes back, nothing is lost', () => play('storm'));
  test(
    '[K9][C2] the loss of a node: its clients resume elsewhere, presence is right',
    {
      skip: WITHOUT_TOOL,
    },
    () => play('node-loss'),
  );
});

async function play(name: RehearsalName): Promise<void> {
  const request = parseRehearsal([name, '--short']);
  assert.ok(request.ok && request.value.do === 'run');
  const closing = new Closing();
  try {
    await untilReady(90_000);
    const { reported, folder } = await rehearse(
      request.value.options,
      closing,
      `npm run rehearse -- ${name}`,
    );
    for (const figure of reported.figures) console.log(`  ${figureLine(figure)}`);
    const short = reported.figures.filter(figure => figure.unit === undefined && !isKept(figure));
    assert.deepEqual(short, []);
    await rm(folder, { recursive: true, force: true });
  } finally {
    await closing.run();
  }
}
