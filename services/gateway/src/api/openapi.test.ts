import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Json } from '@kittiwake/protocol';
import { Compile, type XSchema } from 'typebox/schema';
import { FakeBackend } from '../../test/support/fake-backend.ts';
import { silentLogger } from '../telemetry/logger.ts';
import { createApiApp } from './api-app.ts';
import { OPERATIONS } from './operations.ts';

type Answer = {
  readonly description: string;
  readonly content: { readonly 'application/json': { readonly schema: XSchema } };
};
type Described = {
  readonly operationId: string;
  readonly summary: string;
  readonly requestBody?: { readonly content: { readonly 'application/json': { readonly schema: XSchema } } };
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema: object }[];
  readonly responses: { readonly [status: string]: Answer };
};
type Document = {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string };
  readonly paths: { readonly [path: string]: { readonly [method: string]: Described } };
  readonly components: {
    readonly schemas: { readonly [name: string]: object };
    readonly securitySchemes: object;
  };
};

const API_KEY = 'a-key-for-backends';
const MESSAGE = { event: 'chat:message:send', data: { text: 'hello' } };

/** One request for each operation that goes well. */
const SAMPLES: { readonly [id: string]: Json | undefined } = {
  publish: { ...MESSAGE, channel: 'chat:1' },
  broadcast: { ...MESSAGE, channels: ['chat:1', 'chat:busy', 'nowhere'] },
  presence: { channel: 'chat:1' },
  history: { channel: 'chat:1' },
  disconnect: { user: 'alice' },
  info: undefined,
};

test('[H4] the document has the structure of OpenAPI 3.1', async () => {
  const document = await fetched();
  assert.match(document.openapi, /^3\.1\.\d+$/);
  assert(document.info.title !== '' && document.info.version !== '');
  const ids = new Set<string>();
  for (const [path, item] of Object.entries(document.paths)) {
    assert(path.startsWith('/'));
    for (const [method, described] of Object.entries(item)) {
      assert(['get', 'post'].includes(method));
      assert(!ids.has(described.operationId), 'operation ids are unique');
      ids.add(described.operationId);
      assert(described.summary !== '');
      for (const [status, response] of Object.entries(described.responses)) {
        assert.match(status, /^[2-5]\d\d$/);
        assert(response.description !== '', `${path} ${status} has a description`);
      }
      for (const parameter of described.parameters ?? [])
        assert(parameter.in === 'header' && parameter.name !== '');
    }
  }
});

test('[H4] every reference leads somewhere', async () => {
  const document = await fetched();
  for (const [, name] of JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)) {
    assert(name !== undefined && name in document.components.schemas);
  }
});

test('[H4] every route is documented, and every documented route is served', async () => {
  const document = await fetched();
  const documented = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.keys(item).map(method => `${method} ${path}`),
  );
  assert.deepEqual(
    documented.toSorted(),
    OPERATIONS.map(({ method, path }) => `${method} ${path}`).toSorted(),
  );
  const served = createdApp().routes.filter(
    ({ method, path }) => method !== 'ALL' && path.startsWith('/v1/'),
  );
  assert.deepEqual(
    served.map(({ method, path }) => `${method.toLowerCase()} ${path}`).toSorted(),
    documented.toSorted(),
  );
});

for (const { id, method, path, status } of OPERATIONS) {
  test(`[H4] the answer to ${id} is what its schema says`, async () => {
    const app = createdApp();
    await ask(app, 'post', '/v1/publish', SAMPLES['publish']);
    const response = await ask(app, method, path, SAMPLES[id]);
    assert.equal(response.status, status);
    const described = (await fetched()).paths[path]?.[method];
    const schema = described?.responses[String(status)]?.content['application/json'].schema;
    assert(schema !== undefined, 'the answer is documented');
    const body = await response.json();
    const [fits, errors] = Compile(schema).Errors(body);
    assert(fits, JSON.stringify(errors));
  });

  test(`[H4] every status of a failing ${id} is documented`, async () => {
    const backend = new FakeBackend();
    backend.failure = { kind: 'broker_unavailable', message: 'down', retryAfterMs: 1_000 };
    const app = createdApp(backend);
    const described = (await fetched()).paths[path]?.[method];
    const answers = [
      await ask(app, method, path, SAMPLES[id]),
      await ask(app, method, path, SAMPLES[id], 'wrong'),
    ];
    if (method === 'post') answers.push(await ask(app, method, path, 5));
    for (const { status: answered } of answers)
      assert(String(answered) in (described?.responses ?? {}), `${path} ${answered}`);
  });
}

function createdApp(port = new FakeBackend()) {
  return createApiApp({ port, apiKey: API_KEY, logger: silentLogger, version: '0.1.0' });
}

async function fetched(): Promise<Document> {
  return (await createdApp().request('/openapi.json')).json() as Promise<Document>;
}

async function ask(
  app: ReturnType<typeof createdApp>,
  method: string,
  ...rest: [path: string, body: Json | undefined, key?: string]
) {
  const [path, body, key = API_KEY] = rest;
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  return app.request(path, {
    method: method.toUpperCase(),
    headers,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}
