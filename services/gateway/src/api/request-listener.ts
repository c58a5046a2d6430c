import type { RequestListener } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { type ApiAppOptions, createApiApp } from './api-app.ts';

/** The API as node:http calls it. Loading this file loads Hono, its adapter, and the Request and Response of Node. */
export function createRequestListener(options: ApiAppOptions): RequestListener {
  return getRequestListener(createApiApp(options).fetch, { overrideGlobalObjects: false });
}
