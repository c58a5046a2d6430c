import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { systemClock } from '@kittiwake/base';
import { until } from '@kittiwake/testkit';
import { at, listAt, numberAt, parseJson, textAt } from '../src/decode/json-view.ts';
import { scriptedGateways } from './scripted-gateways.ts';
import { freePort, SKIP, TestCluster, type TestProcess } from './test-cluster.ts';

const NAMESPACE = 'kw-controller-handover-test';
const LABELS = { 'app.kubernetes.io/name': 'kittiwake', 'app.kubernetes.io/component': 'gateway' };
const KEY = 'k'.repeat(43);
const API = `/api/v1/namespaces/${NAMESPACE}`;
const HPA = `/apis/autoscaling/v2/namespaces/${NAMESPACE}/horizontalpodautoscalers`;

/** The operations port of a gateway whose sessions are as many as the test says, and move at once. */
const GATEWAY = `
let sessions = 0, phase = 'serving', silent = false;
require('http').createServer((q, r) => {
  const at = new URL(q.url, 'http://x');
  if (at.pathname === '/set') { sessions = Number(at.searchParams.get('sessions')); return r.end(); }
  if (at.pathname === '/silence') { silent = at.search === '?on'; return r.end(); }
  if (at.pathname === '/status' && silent) return;
  if (at.pathname === '/readyz') return r.writeHead(phase === 'serving' ? 200 : 503).end();
  if (at.pathname === '/metrics') return r.end('kittiwake_connections_active ' + sessions + '\\n');
  if (at.pathname === '/status') return r.end(JSON.stringify({ gateway: process.env.HOSTNAME, version: 'test', phase,
    connections: sessions, sessions, channels: 0, shedding: null, broker: 'ready', startedAtMs: 1 }));
  let body = '';
  q.on('data', c => body += c).on('end', () => {
    if (q.headers.authorization !== 'Bearer ${KEY}') return r.writeHead(401).end('{}');
    const told = JSON.parse(body);
    const moving = told.do === 'shed' ? told.sessions : sessions;
    sessions -= moving;
    if (told.do === 'drain') phase = 'drained';
    r.writeHead(202).end(JSON.stringify({ do: told.do, sessions: moving, doneInMs: 0 }));
  });
}).listen(8200)`;

/** What the leader does about gateways, with exactly the rights of RBAC.md. */
describe('hand-overs on a real cluster', { skip: SKIP, timeout: 240_000 }, () => {
  let cluster: TestCluster;
  let controller: TestProcess;
  let folder: string;
  let fullest: { readonly name: string; readonly address: string };
  let emptiest: { readonly name: string; readonly address: string };

  before(async () => {
    cluster = await TestCluster.open(NAMESPACE);
    folder = await mkdtemp(join(tmpdir(), 'kittiwake-keys-'));
    await writeFile(join(folder, 'operations-key'), KEY);
    await cluster.make(
      `/apis/apps/v1/namespaces/${NAMESPACE}/deployments`,
      scriptedGateways({ replicas: 3, labels: LABELS, script: GATEWAY }),
    );
    const gateways = await until(() => readyGateways(cluster, 3), {
      timeoutMs: 90_000,
      what: 'three gateways',
    });
    [emptiest, fullest] = [gateways[0] ?? assert.fail(), gateways[1] ?? assert.fail()];
    for (const [index, { address }] of gateways.entries()) await set(address, [0, 400, 200][index] ?? 0);
    controller = await cluster.start('main.ts', 'controller', {
      POD_NAME: 'controller-a',
      KITTIWAKE_API_SERVICES: '',
      KITTIWAKE_SECRETS_DIR: folder,
      KITTIWAKE_METRICS_API_PORT: String(await freePort()),
      KITTIWAKE_OPERATIONS_PORT: String(await freePort()),
    });
    await controller.event('decision', line => textAt(line, 'reason') === 'LeaderElected');
  });
  after(async () => {
    await cluster.close();
    await rm(folder, { recursive: true });
  });

  test('[R33] the status says how the gateways are', async () => {
    const status = await until(
      async () => {
        const seen = await statusOf(cluster);
        return listAt(seen, 'gateways').every(gateway => numberAt(gateway, 'sessions') !== undefined) && seen;
      },
      { timeoutMs: 30_000, what: 'a status with all gateways' },
    );
    const sessions = listAt(status, 'gateways').map(gateway => numberAt(gateway, 'sessions') ?? -1);
    assert.deepEqual(
      sessions.toSorted((a, b) => a - b),
      [0, 200, 400],
    );
  });

  test('[R24, R28] an uneven spread has the fullest shed, and an Event about the Deployment says so', async context => {
    const decided = await controller.event('decision', line => textAt(line, 'reason') === 'RebalanceShed');
    context.diagnostic(textAt(decided, 'note') ?? '');
    assert.match(textAt(decided, 'note') ?? '', new RegExp(`shed 1: 190 of ${fullest.name}`));
    await eventAbout(cluster, 'RebalanceShed', { kind: 'Deployment', name: 'gateway' });
  });

  test('[R35] a gateway that hangs is taken out of the Services, and put back when it answers', async () => {
    const label = async () =>
      textAt(
        await cluster.call({ method: 'GET', path: `${API}/pods/${emptiest.name}` }),
        'metadata',
        'labels',
        'kittiwake.dev/in-service',
      );
    await fetch(`http://${emptiest.address}:8200/silence?on`);
    await until(async () => (await label()) === 'false', { timeoutMs: 45_000, what: 'it is out' });
    await eventAbout(cluster, 'GatewayEjected', { kind: 'Pod', name: emptiest.name });
    await fetch(`http://${emptiest.address}:8200/silence?off`);
    await until(async () => (await label()) === 'true', { timeoutMs: 45_000, what: 'it is back' });
  });

  test('[R32] a scale-in that the autoscaler waits with has the costs set, and RBAC lets it', async () => {
    await cluster.make(HPA, waitingAutoscaler());
    const status = { currentReplicas: 3, desiredReplicas: 3, conditions: [WAITING] };
    await cluster.call({ method: 'PATCH', path: `${HPA}/gateway/status`, body: { status } });
    const costs = await until(
      async () => {
        const pods = listAt(await cluster.call({ method: 'GET', path: `${API}/pods` }), 'items');
        const cost = (name: string) =>
          textAt(
            pods.find(pod => textAt(pod, 'metadata', 'name') === name),
            'metadata',
            'annotations',
            'controller.kubernetes.io/pod-deletion-cost',
          );
        const both = [cost(emptiest.name), cost(fullest.name)];
        return both.every(one => one !== undefined) && both.map(Number);
      },
      { timeoutMs: 45_000, what: 'deletion costs' },
    );
    assert.ok((costs[0] ?? 0) < (costs[1] ?? 0), costs.join());
    await cluster.call({ method: 'DELETE', path: `${HPA}/gateway` });
  });

  test('[R30] a pod that is annotated hands over, and an Event about it says so', async () => {
    const annotations = { 'kittiwake.dev/drain': new Date(systemClock.nowMs()).toISOString() };
    const path = `${API}/pods/${fullest.name}`;
    await cluster.call({ method: 'PATCH', path, body: { metadata: { annotations } } });
    await controller.event('decision', line => textAt(line, 'reason') === 'GatewayDrains');
    const status = await fetch(`http://${fullest.address}:8200/status`);
    assert.equal(textAt(await status.json(), 'phase'), 'drained');
    await eventAbout(cluster, 'GatewayDrains', { kind: 'Pod', name: fullest.name });
  });

  test('[R3] nothing that the controller does is forbidden to it', () => {
    const refused = controller.lines.filter(line => /forbidden|cannot/.test(textAt(line, 'message') ?? ''));
    assert.deepEqual(refused, []);
  });
});

const WAITING = {
  type: 'AbleToScale',
  status: 'True',
  reason: 'ScaleDownStabilized',
  message: 'said by a test',
  lastTransitionTime: '2026-01-01T00:00:00Z',
};

async function readyGateways(cluster: TestCluster, count: number) {
  const pods = listAt(await cluster.call({ method: 'GET', path: `${API}/pods` }), 'items');
  const ready = pods.flatMap(pod => {
    const name = textAt(pod, 'metadata', 'name');
    const address = textAt(pod, 'status', 'podIP');
    const isReady = listAt(pod, 'status', 'conditions').some(
      condition => textAt(condition, 'type') === 'Ready' && textAt(condition, 'status') === 'True',
    );
    return isReady && name !== undefined && address !== undefined ? [{ name, address }] : [];
  });
  return ready.length === count && ready;
}

async function set(address: string, sessions: number): Promise<void> {
  await fetch(`http://${address}:8200/set?sessions=${sessions}`);
}

async function statusOf(cluster: TestCluster): Promise<unknown> {
  const path = `${API}/configmaps/kittiwake-status`;
  const read = await cluster.admin.call({ method: 'GET', path });
  return read.ok ? parseJson(textAt(read.value, 'data', 'status.json') ?? '') : undefined;
}

type About = { readonly kind: string; readonly name: string };

async function eventAbout(cluster: TestCluster, reason: string, { kind, name }: About): Promise<void> {
  await until(
    async () => {
      const path = `/apis/events.k8s.io/v1/namespaces/${NAMESPACE}/events`;
      const events = listAt(await cluster.call({ method: 'GET', path }), 'items');
      return events.some(event => {
        const about = at(event, 'regarding');
        const isAbout = textAt(about, 'kind') === kind && textAt(about, 'name') === name;
        return isAbout && textAt(about, 'uid') !== undefined && textAt(event, 'reason') === reason;
      });
    },
    { timeoutMs: 10_000, what: `an Event ${reason} about ${kind} ${name}` },
  );
}

/** One whose target is not there, so that the cluster's own autoscaler leaves the numbers alone. */
function waitingAutoscaler(): unknown {
  return {
    metadata: { name: 'gateway' },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'nobody' },
      minReplicas: 1,
      maxReplicas: 3,
    },
  };
}
