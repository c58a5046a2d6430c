import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, test } from 'node:test';
import { promisify } from 'node:util';
import { elapse, until } from '@kittiwake/testkit';
import { drillOnCluster } from './lib/cluster-drill.ts';
import { untilReady } from './lib/deploy.ts';
import { list, NAMESPACE, SKIP } from './lib/kubectl.ts';
import { primaryPod, untilTierReady } from './lib/redis-primary.ts';

/** What cuts a node of a test cluster off and joins it again: `TOOL partition N`, `TOOL heal N`. */
const TOOL = process.env['KITTIWAKE_CLUSTER_TOOL'] ?? '../shared/cluster/cluster';
const WITHOUT_TOOL = existsSync(TOOL) ? false : 'nothing here can cut a node off: set KITTIWAKE_CLUSTER_TOOL';
const CUT_MS = 20_000;

describe('a partition', { skip: SKIP || WITHOUT_TOOL, timeout: 400_000 }, () => {
  test('[B12][C9] the node of the primary is cut off and joined again: nothing is lost unsaid', async () => {
    await untilReady(90_000);
    await untilTierReady();
    const before = await primaryPod();
    const node = await nodeOf(before);
    await drillOnCluster({
      what: 'the node of the Redis primary cut off for 20 s',
      async inflict() {
        await cluster('partition', node);
        try {
          await until(async () => (await primaryPod()) !== before, {
            timeoutMs: 60_000,
            what: 'another primary',
          });
          await elapse(CUT_MS);
        } finally {
          await cluster('heal', node);
        }
        await untilReady(120_000);
        await untilTierReady(120_000);
      },
    });
  });
});

/** The number of the node that a pod runs on: nodes are called `…-N`. */
async function nodeOf(name: string): Promise<string> {
  const pods = await list('pods', '-n', NAMESPACE, '-l', 'app.kubernetes.io/component=redis');
  const node = pods.find(pod => pod.metadata.name === name)?.spec?.nodeName;
  return /\d+$/.exec(node ?? '')?.[0] ?? assert.fail(`${name} runs on ${node}`);
}

async function cluster(command: 'partition' | 'heal', node: string): Promise<void> {
  await promisify(execFile)(TOOL, [command, node], { timeout: 10_000 });
}
