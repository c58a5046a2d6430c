import { describe, test } from 'node:test';
import { systemClock } from '@kittiwake/base';
import { until } from '@kittiwake/testkit';
import { fixSize, readScaling, setScaling } from '../rehearse/cluster/size.ts';
import { type ClusterDrill, drillOnCluster } from './lib/cluster-drill.ts';
import { forceDelete, untilReady } from './lib/deploy.ts';
import { inNamespace, isReady, type KubeObject, list, NAMESPACE, podsOf, SKIP } from './lib/kubectl.ts';
import { primaryPod, untilTierReady } from './lib/redis-primary.ts';
import { record } from './lib/report.ts';

const READY_MS = 120_000;
const BACK_MS = 60_000;
const MANY = 5;
/** Runs beside the gateway, in its container, where it is process 1. */
const STICK = `
const findDebugger = () => fetch('http://127.0.0.1:9229/json').then(found => found.json()).catch(findDebugger);
process.kill(1, 'SIGUSR1');
findDebugger().then(([{ webSocketDebuggerUrl }]) => {
  const socket = new WebSocket(webSocketDebuggerUrl);
  socket.onopen = () => {
    socket.send(JSON.stringify({ id: 1, method: 'Runtime.evaluate', params: { expression: 'for (;;);' } }));
    setTimeout(() => process.exit(0), 500);
  };
});`;

/** Two things at once, under a crowd: nothing is lost unsaid, stored or delivered twice, or out of order. */
describe('bad days of deploys', { skip: SKIP, timeout: 900_000 }, () => {
  test('[D2][R29] a rollout on top of another one', () =>
    drillOnCluster({
      what: 'a rollout on top of another one',
      async inflict(drill) {
        await restart();
        await until(someoneLeaves, { timeoutMs: READY_MS, what: 'the first rollout is under way' });
        await restart();
        await settled(drill);
      },
    }));

  test('[D3][C2] a gateway is killed in the middle of its drain', () =>
    drillOnCluster({
      what: 'a gateway killed in the middle of its drain',
      async inflict(drill) {
        await forceDelete(await drainOne());
        await settled(drill);
      },
    }));

  test('[D2][B4] a gateway drains while Redis fails over', () =>
    drillOnCluster({
      what: 'a drain while Redis fails over',
      async inflict(drill) {
        await drainOne();
        await forceDelete(await primaryPod());
        await settled(drill);
        await untilTierReady(READY_MS);
      },
    }));

  test('[G6][R35] the event loop of a gateway is stuck for good: its clients go elsewhere, and it is restarted', () =>
    drillOnCluster({
      what: 'a gateway whose event loop is stuck for good',
      async inflict(drill) {
        const [victim] = await podsOf('gateway');
        const name = victim?.metadata.name ?? '';
        const stuckAtMs = systemClock.monotonicMs();
        await stick(name);
        record(
          'a stuck event loop: everybody has everything',
          (await drill.untilCaughtUp(BACK_MS)) / 1_000,
          's',
        );
        await until(async () => (await restartsOf(name)) === 1, {
          timeoutMs: READY_MS,
          what: `${name} is restarted`,
        });
        record('… restarted', (systemClock.monotonicMs() - stuckAtMs) / 1_000, 's');
        await settled(drill);
      },
    }));

  test('[D2][R29] the autoscaler adds gateways in the middle of a rollout, and takes them back in the next', async () => {
    const scaling = await readScaling();
    try {
      await drillOnCluster({
        what: 'the autoscaler and two rollouts at once',
        async inflict(drill) {
          await restart();
          await fixSize(MANY);
          await rolledOut();
          await restart();
          await fixSize(scaling.minReplicas);
          await settled(drill);
        },
      });
    } finally {
      await setScaling(scaling);
    }
  });
});

async function restart(): Promise<void> {
  await inNamespace('rollout', 'restart', 'deployment/gateway');
}

async function rolledOut(): Promise<void> {
  await inNamespace('rollout', 'status', 'deployment/gateway', `--timeout=${READY_MS / 1_000}s`);
}

/** Everything has come to rest, and everybody has everything. */
async function settled(drill: ClusterDrill): Promise<void> {
  await rolledOut();
  await untilReady(READY_MS);
  await drill.untilCaughtUp(BACK_MS);
}

async function someoneLeaves(): Promise<boolean> {
  return (await allGateways()).some(({ metadata }) => metadata.deletionTimestamp !== undefined);
}

/** Has the event loop of a gateway go round in one place, by the debugger that Node opens when it is asked to. */
async function stick(pod: string): Promise<void> {
  await inNamespace('exec', pod, '--', 'node', '--eval', STICK);
  await until(async () => !(await isUp(pod)), { timeoutMs: BACK_MS, what: `${pod} answers nobody` });
}

async function isUp(pod: string): Promise<boolean> {
  const found = (await podsOf('gateway')).find(({ metadata }) => metadata.name === pod);
  return found !== undefined && isReady(found);
}

async function restartsOf(pod: string): Promise<number> {
  const path = 'jsonpath={.status.containerStatuses[0].restartCount}';
  return Number(await inNamespace('get', 'pod', pod, '-o', path));
}

/** Asks one gateway to go, as an eviction does; its name, once it drains. */
async function drainOne(): Promise<string> {
  const [victim] = await podsOf('gateway');
  const name = victim?.metadata.name ?? '';
  await inNamespace('delete', 'pod', name, '--wait=false');
  await until(() => isLeaving(name), { timeoutMs: READY_MS, what: `${name} drains` });
  return name;
}

/** It was told to stop: it is not ready any more, and still there. */
async function isLeaving(name: string): Promise<boolean> {
  const pod = (await allGateways()).find(({ metadata }) => metadata.name === name);
  return pod !== undefined && !isReady(pod);
}

/** Those on their way out as well. */
function allGateways(): Promise<readonly KubeObject[]> {
  return list('pods', '-n', NAMESPACE, '-l', 'app.kubernetes.io/component=gateway');
}
