import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { until } from '@kittiwake/testkit';
import { drillOnCluster } from './lib/cluster-drill.ts';
import { forceDelete, untilReady } from './lib/deploy.ts';
import { inNamespace, SKIP } from './lib/kubectl.ts';
import { primaryPod, untilTierReady } from './lib/redis-primary.ts';
import { busiestSentinel } from './lib/sentinel-load.ts';

const ROLLED_MS = 300_000;
/** Of a core. One that spins takes half of one at least, one at work a hundredth. */
const SENTINEL_MAX = 0.2;

describe('failovers of Redis', { skip: SKIP, timeout: 420_000 }, () => {
  test('[B3][B12] the primary is deleted by force: publishing goes on in 5 s, and nothing is lost unsaid', async () => {
    await untilTierReady();
    const before = await primaryPod();
    await drillOnCluster({
      what: 'Redis primary deleted by force',
      silenceMaxMs: 5_000,
      async inflict() {
        await forceDelete(before);
        await until(async () => (await primaryPod()) !== before, {
          timeoutMs: 30_000,
          what: 'another primary',
        });
        await untilTierReady();
      },
    });
    assert.notEqual(await primaryPod(), before);
  });

  test('[G7][C3] a rolling restart of all Redis under load hands over, and loses nothing unsaid', async () => {
    await untilReady(90_000);
    await drillOnCluster({
      what: 'rolling restart of Redis',
      silenceMaxMs: 5_000,
      async inflict() {
        await inNamespace('rollout', 'restart', 'statefulset/redis');
        await inNamespace('rollout', 'status', 'statefulset/redis', `--timeout=${ROLLED_MS / 1_000}s`);
        await untilTierReady();
      },
    });
  });

  test('[G10] Sentinels rest once all of Redis is back', async () => {
    await until(async () => (await busiestSentinel()) < SENTINEL_MAX, {
      timeoutMs: 60_000,
      what: 'no Sentinel takes a fifth of a core',
    });
  });
});
