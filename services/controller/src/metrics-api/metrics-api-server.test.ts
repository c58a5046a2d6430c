import assert from 'node:assert/strict';
import { createPrivateKey } from 'node:crypto';
import { once } from 'node:events';
import { request as httpsRequest } from 'node:https';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { ok } from '@kittiwake/base';
import { createFakeClock, createSeededRandom } from '@kittiwake/testkit';
import { issueCertificate, type KeyPair } from '../certificates/certificate.ts';
import { issueMaterial, LIFETIMES } from '../certificates/serving-material.ts';
import { noMetrics } from '../telemetry/metrics.ts';
import { answer } from './answer.ts';
import { Authorizer } from './authorizer.ts';
import { MetricsApiServer } from './metrics-api-server.ts';

const HOST = 'controller.kittiwake.svc';
const random = createSeededRandom(1);
const serial = (): Buffer => Buffer.from(random.hex(15), 'hex');
const validity = { notBeforeMs: Date.UTC(2020, 0, 1), notAfterMs: Date.UTC(2049, 0, 1) };
const issue = () =>
  issueMaterial({
    hosts: [HOST],
    nowMs: Date.UTC(2026, 10, 1),
    lifetimes: { ...LIFETIMES, leafMs: LIFETIMES.caMs },
    random,
    previous: undefined,
  });

const proxyCa = await issueCertificate({
  purpose: 'authority',
  commonName: 'proxy-ca',
  hosts: [],
  validity,
  serial: serial(),
  issuer: undefined,
});
const client = (commonName: string): Promise<KeyPair> => {
  const issuer = { commonName: 'proxy-ca', key: createPrivateKey(proxyCa.keyPem) };
  return issueCertificate({ purpose: 'client', commonName, hosts: [], validity, serial: serial(), issuer });
};

async function start(context: TestContext) {
  const frontProxy = {
    caPem: proxyCa.certPem,
    allowedNames: ['front-proxy-client'],
    userHeaders: ['x-remote-user'],
    groupHeaders: ['x-remote-group'],
    extraPrefixes: [],
  };
  const authorizer = new Authorizer(async caller => ok(caller.user === 'reader'), createFakeClock());
  const snapshot = { gateways: new Map(), samples: new Map(), nowMs: 0 };
  const parts = { frontProxy: () => frontProxy, authorizer, snapshot: () => snapshot };
  const server = new MetricsApiServer({
    metrics: noMetrics,
    answer: request => answer(parts, request),
    onFailure: (_name, reason) => assert.fail(String(reason)),
  });
  const material = await issue();
  const port = await server.start(0, material, proxyCa.certPem);
  context.after(() => server.stop());
  return { server, port, material };
}

type Ask = {
  readonly port: number;
  readonly ca: string;
  readonly as?: KeyPair;
  readonly user?: string;
  readonly path?: string;
};

async function ask({ port, ca, as, user, path = '/apis/custom.metrics.k8s.io/v1beta2' }: Ask) {
  const identity = as === undefined ? {} : { cert: as.certPem, key: as.keyPem };
  const headers = user === undefined ? {} : { 'x-remote-user': user };
  const sent = httpsRequest({
    host: '127.0.0.1',
    port,
    path,
    servername: HOST,
    ca,
    agent: false,
    headers,
    ...identity,
  });
  sent.end();
  const [response] = await once(sent, 'response');
  return {
    code: response.statusCode as number,
    body: JSON.parse(await text(response)) as { reason?: string; kind?: string },
  };
}

test('[R15] the front proxy is answered, over a chain that its CA bundle verifies', async context => {
  const { port, material } = await start(context);
  const answered = await ask({
    port,
    ca: material.caPem,
    as: await client('front-proxy-client'),
    user: 'reader',
  });
  assert.deepEqual([answered.code, answered.body.kind], [200, 'APIResourceList']);
});

test('[R15] without a client certificate the answer is a 401, whatever the headers say', async context => {
  const { port, material } = await start(context);
  assert.equal((await ask({ port, ca: material.caPem, user: 'reader' })).code, 401);
});

test('[R15] another certificate of the same CA, or the right name of another CA, is a 401', async context => {
  const { port, material } = await start(context);
  assert.equal(
    (await ask({ port, ca: material.caPem, as: await client('kubelet'), user: 'reader' })).code,
    401,
  );
  const selfMade = await issueCertificate({
    purpose: 'client',
    commonName: 'front-proxy-client',
    hosts: [],
    validity,
    serial: serial(),
    issuer: undefined,
  });
  assert.equal((await ask({ port, ca: material.caPem, as: selfMade, user: 'reader' })).code, 401);
});

test('[R16] who may not is told so', async context => {
  const { port, material } = await start(context);
  assert.equal(
    (await ask({ port, ca: material.caPem, as: await client('front-proxy-client'), user: 'stranger' })).code,
    403,
  );
});

test('[R21] what the API server probes for in vain is a clean 404', async context => {
  const { port, material } = await start(context);
  for (const path of ['/openapi/v2', '/openapi/v3']) {
    const answered = await ask({
      port,
      ca: material.caPem,
      as: await client('front-proxy-client'),
      user: 'system:aggregator',
      path,
    });
    assert.deepEqual([answered.code, answered.body.reason], [404, 'NotFound']);
  }
});

test('[R5] a new certificate is served without starting anew', async context => {
  const { server, port } = await start(context);
  const rotated = await issue();
  server.secure(rotated, proxyCa.certPem);
  const answered = await ask({
    port,
    ca: rotated.caPem,
    as: await client('front-proxy-client'),
    user: 'reader',
  });
  assert.equal(answered.code, 200);
});
