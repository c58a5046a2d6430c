import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { systemClock } from '@kittiwake/base';
import { createClusterPort } from './cluster-port.ts';

type Asked = { readonly method: string; readonly url: string; readonly type: string; readonly body: string };

/** An API server that answers each request with what `answers` has for its path, and a kubeconfig that points at it. */
async function startCluster(context: TestContext, answers: { readonly [path: string]: unknown }, code = 200) {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString();
    const { method = '', url = '' } = request;
    asked.push({ method, url, type: request.headers['content-type'] ?? '', body });
    const answer = answers[url];
    const status = answer === undefined ? 404 : code;
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer ?? {}));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const folder = await mkdtemp(join(tmpdir(), 'kittiwake-kubeconfig-'));
  const before = process.env['KUBECONFIG'];
  process.env['KUBECONFIG'] = join(folder, 'kubeconfig');
  await writeFile(join(folder, 'kubeconfig'), kubeconfig((server.address() as AddressInfo).port));
  context.after(() => {
    if (before === undefined) delete process.env['KUBECONFIG'];
    else process.env['KUBECONFIG'] = before;
    server.closeAllConnections();
    server.close();
    return rm(folder, { recursive: true });
  });
  return { asked, port: createClusterPort(systemClock) };
}

const STATUS = '/api/v1/namespaces/kittiwake/configmaps/kittiwake-status';
const LEASE = '/apis/coordination.k8s.io/v1/namespaces/kittiwake/leases/kittiwake-controller';

test('[X1] reads the status that the controller wrote', async context => {
  const { port } = await startCluster(context, { [STATUS]: { data: { 'status.json': '{"a":1}' } } });
  assert.deepEqual(await port.readStatus('kittiwake'), {
    ok: true,
    value: { cluster: 'test', value: '{"a":1}' },
  });
});

test('[X1] reads who leads, and since when: the name of the pod without its process', async context => {
  const spec = {
    holderIdentity: 'controller-77cbd48545-67wrh_0a1b2c3d',
    renewTime: '2026-01-01T00:00:02.500000Z',
  };
  const { port } = await startCluster(context, { [LEASE]: { metadata: {}, spec } });
  assert.deepEqual(await port.readLeader('kittiwake'), {
    ok: true,
    value: { holder: 'controller-77cbd48545-67wrh', renewedAtMs: Date.UTC(2026, 0, 1, 0, 0, 2, 500) },
  });
});

test('[X1] a Lease that nobody holds is no leader', async context => {
  const { port } = await startCluster(context, { [LEASE]: { metadata: {}, spec: { holderIdentity: '' } } });
  assert.deepEqual(await port.readLeader('kittiwake'), { ok: true, value: undefined });
});

for (const [kind, path] of [
  ['Pod', '/api/v1/namespaces/kittiwake/pods/gateway-a'],
  ['Deployment', '/apis/apps/v1/namespaces/kittiwake/deployments/gateway-a'],
] as const) {
  test(`[X1] annotates a ${kind}, and sends nothing else of it`, async context => {
    const { port, asked } = await startCluster(context, { [path]: { metadata: {} } });
    const done = await port.annotate({ kind, namespace: 'kittiwake', name: 'gateway-a' }, { 'a/b': 'c' });
    assert.deepEqual(done, { ok: true, value: undefined });
    const [request] = asked;
    assert.deepEqual([request?.method, request?.type], ['PATCH', 'application/merge-patch+json']);
    assert.deepEqual(JSON.parse(request?.body ?? ''), { metadata: { annotations: { 'a/b': 'c' } } });
  });
}

test('[X1] what is not there, and what one may not do, say what to do next', async context => {
  const { port } = await startCluster(context, {});
  const absent = await port.readStatus('kittiwake');
  assert.match(
    absent.ok ? '' : absent.error.message,
    /has no ConfigMap kittiwake-status in namespace kittiwake/,
  );
  assert.match(absent.ok ? '' : absent.error.next, /Is the controller running\?/);
  const pod = await port.annotate({ kind: 'Pod', namespace: 'kittiwake', name: 'x' }, {});
  assert.match(pod.ok ? '' : pod.error.next, /npx kittiwake status/);
  const { port: closed } = await startCluster(context, { [STATUS]: {} }, 403);
  const refused = await closed.readStatus('kittiwake');
  assert.match(
    refused.ok ? '' : refused.error.next,
    /kubectl auth can-i get configmap\/kittiwake-status -n kittiwake/,
  );
});

function kubeconfig(port: number): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      { name: 'test', cluster: { server: `http://127.0.0.1:${port}`, 'insecure-skip-tls-verify': true } },
    ],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
    'current-context': 'test',
    users: [{ name: 'test', user: {} }],
  });
}
