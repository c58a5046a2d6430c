import type { TestContext } from 'node:test';
import { systemClock } from '@kittiwake/base';
import { ApiServer } from '../../src/api/api-server.ts';
import { silentLogger } from '../../src/telemetry/logger.ts';
import { FakeBackend } from './fake-backend.ts';

export const API_KEY = 'a-key-for-backends';
export const MESSAGE = { channel: 'chat:1', event: 'chat:message:send', data: { text: 'hello' } };

type CallInit = { readonly method?: string; readonly headers?: Readonly<Record<string, string>> };

/** A real listener over the fake cluster, stopped when the test ends, and `call` to ask it with the right key. */
export async function started(context: TestContext) {
  const backend = new FakeBackend();
  const options = {
    port: backend,
    apiKey: API_KEY,
    logger: silentLogger,
    version: '0.1.0',
    clock: systemClock,
    listenPort: 0,
  };
  const server = new ApiServer(options);
  const base = `http://127.0.0.1:${await server.start()}`;
  context.after(() => server.stop());
  const headers = { authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json' };
  const call = async (path: string, body: unknown, { method = 'POST', headers: own = {} }: CallInit = {}) => {
    const response = await fetch(`${base}${path}`, {
      method,
      headers: { ...headers, ...own },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: await response.json() };
  };
  return { server, backend, base, headers, call };
}
