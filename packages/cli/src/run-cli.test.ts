import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { err, ok, systemClock, systemRandom } from '@kittiwake/base';
import { jwtVerify } from 'jose';
import { FakeCluster } from '../test/fake-cluster.ts';
import type { ReadSecret } from './read-secret.ts';
import { runCli } from './run-cli.ts';

const KEY = 'a-signing-key-of-at-least-32-bytes';
const CLUSTER: ReadSecret = async (namespace, name) => {
  assert.deepEqual([namespace, name], ['kittiwake', 'kittiwake-signing-keys']);
  return ok({ cluster: 'test', data: { current: Buffer.from(`${KEY}\n`).toString('base64') } });
};
const NO_CLUSTER: ReadSecret = async () =>
  err({ message: 'The cluster cannot be reached.', next: 'Check it.' });
const NOWHERE = ['--url', 'http://127.0.0.1:1'];
const ALICE = ['token', '--user', 'alice', '--join', 'chat:*'];

test('[A2] a token from the cluster is signed with the current key of its Secret', async () => {
  const { code, out, error } = await run(ALICE, CLUSTER);
  assert.equal(code, 0);
  const { payload, protectedHeader } = await jwtVerify(out.trim(), new TextEncoder().encode(KEY), {
    issuer: 'kittiwake',
    audience: 'kittiwake',
    algorithms: ['HS256'],
  });
  assert.equal(protectedHeader.alg, 'HS256');
  assert.equal(payload.sub, 'alice');
  assert.equal((payload.exp ?? 0) - (payload.iat ?? 0), 3_600);
  assert.deepEqual(payload['kw'], {
    join: ['chat:*'],
    publish: ['chat:*'],
    presence: ['chat:*'],
    history: ['chat:*'],
  });
  assert.match(error, /alice · join chat:\* .* cluster test/);
});

test('[A5] each verb can have its own patterns, or none', async () => {
  const { out } = await run(
    [...ALICE, '--join', 'game:*,feed:**', '--publish', '', '--history', 'feed:**', '--json'],
    CLUSTER,
  );
  const { grants } = JSON.parse(out);
  assert.deepEqual(grants, {
    join: ['chat:*', 'game:*', 'feed:**'],
    publish: [],
    presence: ['chat:*', 'game:*', 'feed:**'],
    history: ['feed:**'],
  });
});

test('[A2] without a cluster the development gateway is asked', async context => {
  const issuer = await fakeIssuer(context);
  const { code, out } = await run([...ALICE, '--ttl', '15m', '--url', issuer.url], NO_CLUSTER);
  assert.equal(code, 0);
  assert.equal(out, 'a.dev.token\n');
  const patterns = ['chat:*'];
  const grants = { join: patterns, publish: patterns, presence: patterns, history: patterns };
  assert.deepEqual(issuer.requests, [
    { method: 'POST', path: '/dev/token', body: { user: 'alice', grants, ttlSeconds: 900 } },
  ]);
});

test('[A2] --from cluster does not fall back', async context => {
  const issuer = await fakeIssuer(context);
  const { code, error } = await run([...ALICE, '--from', 'cluster', '--url', issuer.url], NO_CLUSTER);
  assert.equal(code, 1);
  assert.equal(error, 'The cluster cannot be reached.\nCheck it.\n');
  assert.deepEqual(issuer.requests, []);
});

test('[A2] where nothing issues tokens both reasons are given', async () => {
  const { code, error, out } = await run([...ALICE, ...NOWHERE], NO_CLUSTER);
  assert.deepEqual([code, out], [1, '']);
  assert.match(error, /cluster cannot be reached[\s\S]*No development gateway answers[\s\S]*npm start/);
});

test('[A2] a gateway that is not for development says so', async context => {
  const issuer = await fakeIssuer(context, 404);
  const { code, error } = await run([...ALICE, '--from', 'dev', '--url', issuer.url], NO_CLUSTER);
  assert.equal(code, 1);
  assert.match(error, /is not a development gateway/);
});

test('[A3] a Secret without a usable key is a problem', async () => {
  const { code, error } = await run([...ALICE, '--from', 'cluster'], async () =>
    ok({ cluster: 'test', data: { current: '' } }),
  );
  assert.equal(code, 1);
  assert.match(error, /no usable key[\s\S]*kubectl/);
});

const WRONG: readonly (readonly string[])[] = [
  ['token'],
  ['token', '--user', 'alice'],
  ['token', '--join', 'chat:*'],
  [...ALICE, '--ttl', 'soon'],
  [...ALICE, '--ttl', '0s'],
  [...ALICE, '--ttl', '400d'],
  [...ALICE, '--publish', 'no spaces'],
  [...ALICE, '--from', 'elsewhere'],
  [...ALICE, '--unknown'],
  ['tokn'],
  ['drain'],
  ['status', '--nonsense'],
  ['rebalance', 'now'],
];

for (const args of WRONG) {
  test(`[X1] "${args.join(' ')}" is wrong usage and says what to do`, async () => {
    const { code, error, out } = await run(args, CLUSTER);
    assert.deepEqual([code, out], [2, '']);
    assert.notEqual(error, '');
  });
}

test('[A2] inspect shows the contents and does not check the signature', async () => {
  const { out: token } = await run(ALICE, CLUSTER);
  const { code, out } = await run(['token', 'inspect', token.trim()], NO_CLUSTER);
  assert.equal(code, 0);
  assert.match(out, /^user {9}alice$/m);
  assert.match(out, /^join {9}chat:\*$/m);
  assert.match(out, /^signature {4}not checked$/m);
  const { out: json } = await run(['token', 'inspect', token.trim(), '--json'], NO_CLUSTER);
  assert.equal(JSON.parse(json).claims.sub, 'alice');
});

test('[X1] inspect refuses what is no token', async () => {
  assert.equal((await run(['token', 'inspect', 'nonsense'], NO_CLUSTER)).code, 1);
});

test('[X1] help has examples and is not an error', async () => {
  const { code, out } = await run(['token', '--help'], NO_CLUSTER);
  assert.equal(code, 0);
  assert.match(out, /Examples:[\s\S]*npx kittiwake token/);
});

async function run(args: readonly string[], readSecret: ReadSecret) {
  const written: string[] = [];
  const errors: string[] = [];
  const code = await runCli(args, {
    clock: systemClock,
    random: systemRandom,
    readSecret,
    cluster: new FakeCluster(),
    stopped: new AbortController().signal,
    isTerminal: false,
    out: text => void written.push(text),
    error: text => void errors.push(text),
  });
  return { code, out: written.join(''), error: errors.join('') };
}

async function fakeIssuer(context: TestContext, status = 200) {
  const requests: { method: string | undefined; path: string | undefined; body: unknown }[] = [];
  const server = createServer(async (request, response) => {
    const chunks = await request.toArray();
    requests.push({
      method: request.method,
      path: request.url,
      body: JSON.parse(Buffer.concat(chunks).toString()),
    });
    response.writeHead(status, { 'content-type': 'application/json' }).end('{"token":"a.dev.token"}');
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  context.after(() => server.close());
  return { requests, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}
