import { err, ok, type Result } from '@kittiwake/base';
import { LIMITS } from '@kittiwake/protocol';
import { Hono } from 'hono';
import { createApiKeyCheck } from '../auth/api-key.ts';
import type { Logger } from '../telemetry/logger.ts';
import { errorResponse } from './api-error.ts';
import type { BackendPort } from './backend-port.ts';
import { buildOpenApi } from './openapi.ts';
import type { CallContext, Operation } from './operation.ts';
import { OPERATIONS } from './operations.ts';
import { readBody } from './read-body.ts';

/** What the API is made from. */
export type ApiAppOptions = {
  readonly port: BackendPort;
  readonly apiKey: string;
  readonly logger: Logger;
  /** Version of the gateway, shown in the document. */
  readonly version: string;
};

const KEY = /^[\x21-\x7e]+$/;
const TRACEPARENT = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

/** Routes of the API; knows HTTP and nothing of sockets. */
export function createApiApp(options: ApiAppOptions): Hono {
  const app = new Hono();
  const document = buildOpenApi(OPERATIONS, options.version);
  const keyFits = createApiKeyCheck(options.apiKey);
  app.get('/openapi.json', context => context.json(document));
  app.use('/v1/*', async (context, next) => {
    const offered = /^Bearer ([\x21-\x7e]+)$/i.exec(context.req.header('authorization') ?? '')?.[1];
    if (offered !== undefined && keyFits(offered)) return next();
    return errorResponse({
      kind: 'unauthenticated',
      message: 'Send the API key: Authorization: Bearer <key>.',
    });
  });
  for (const operation of OPERATIONS) {
    app.on(operation.method.toUpperCase(), operation.path, context =>
      answer(operation, context.req.raw, options),
    );
    app.all(operation.path, () => notAllowed(operation.method.toUpperCase()));
  }
  app.all('/openapi.json', () => notAllowed('GET'));
  app.notFound(() =>
    errorResponse({ kind: 'unknown_type', message: 'There is no such operation; see /openapi.json.' }),
  );
  app.onError(error => {
    options.logger.error('api.failed', { reason: error.name });
    return errorResponse({ kind: 'internal', message: 'The gateway made a mistake; it was logged.' });
  });
  return app;
}

async function answer(
  operation: Operation,
  request: Request,
  { port, logger }: ApiAppOptions,
): Promise<Response> {
  const headers = readHeaders(request);
  if (!headers.ok) return headers.error;
  const body = operation.method === 'post' ? await readBody(request) : ok({});
  if (!body.ok) return body.error;
  const done = await operation.run(body.value, { ...headers.value, port });
  logger.info('api.called', { operation: operation.id, result: done.ok ? 'ok' : done.error.kind });
  return done.ok ? Response.json(done.value, { status: operation.status }) : errorResponse(done.error);
}

function readHeaders(request: Request): Result<Omit<CallContext, 'port'>, Response> {
  const key = request.headers.get('idempotency-key');
  if (key !== null && !(KEY.test(key) && key.length <= LIMITS.idempotencyKeyBytesMax)) {
    const message = `The Idempotency-Key must be 1 to ${LIMITS.idempotencyKeyBytesMax} visible ASCII characters.`;
    return err(errorResponse({ kind: 'malformed', message, path: 'Idempotency-Key' }));
  }
  const traceparent = request.headers.get('traceparent');
  return ok({
    ...(key !== null && { key }),
    ...(traceparent !== null && TRACEPARENT.test(traceparent) && { traceparent }),
  });
}

function notAllowed(allow: string): Response {
  return errorResponse(
    { kind: 'unknown_type', message: `Use ${allow}.` },
    { status: 405, headers: { allow } },
  );
}
