import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type ClusterDrill, drillOnCluster } from './lib/cluster-drill.ts';
import { forceDelete, untilReady } from './lib/deploy.ts';
import { podsOf, SKIP } from './lib/kubectl.ts';
import { record } from './lib/report.ts';

const BACK_MS = 60_000;

describe('the loss of gateways', { skip: SKIP, timeout: 300_000 }, () => {
  test('[C2] a gateway is killed: its clients resume elsewhere, in order and with no loss', async () => {
    await untilReady(60_000);
    await drillOnCluster({
      what: 'a gateway deleted by force',
      inflict: drill => deleteAll(drill, 1),
    });
  });

  test('[C2] all gateways are killed at once: everybody resumes on the next ones, and nothing is lost', async () => {
    await untilReady(60_000);
    await drillOnCluster({
      what: 'all gateways deleted by force at once',
      inflict: drill => deleteAll(drill, Number.POSITIVE_INFINITY),
    });
  });
});

/** Deletes so many gateways without any grace, and waits until everybody has everything again. */
async function deleteAll(drill: ClusterDrill, most: number): Promise<void> {
  const victims = (await podsOf('gateway')).slice(0, most).map(({ metadata }) => metadata.name);
  assert.ok(victims.length > 0);
  await Promise.all(victims.map(forceDelete));
  const tookMs = await drill.untilCaughtUp(BACK_MS);
  record(`${victims.length} gateways deleted by force: everybody has everything`, tookMs / 1_000, 's');
  await untilReady(BACK_MS);
}
