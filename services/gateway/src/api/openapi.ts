import { ERROR_KINDS, type ErrorKind, LIMITS } from '@kittiwake/protocol';
import { statusOf } from './api-error.ts';
import { ERROR_SCHEMA } from './api-schemas.ts';
import type { Operation } from './operation.ts';

type Document = { readonly [key: string]: unknown };

const WITH_KEY: readonly ErrorKind[] = ['unauthenticated', 'internal'];
const WITH_BODY: readonly ErrorKind[] = ['malformed', 'message_too_large', 'schema_violation'];

/** Makes the OpenAPI 3.1 document out of the operations themselves, so that it cannot say anything else (H4). */
export function buildOpenApi(operations: readonly Operation[], version: string): Document {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Kittiwake HTTP API',
      version,
      description:
        'For backends: publish, look into channels, disconnect. Errors have one shape and say what to do next.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    security: [{ apiKey: [] }],
    paths: Object.fromEntries(
      operations.map(operation => [operation.path, { [operation.method]: describe(operation) }]),
    ),
    components: {
      securitySchemes: {
        apiKey: { type: 'http', scheme: 'bearer', description: 'The API key of the gateway.' },
      },
      schemas: { Error: ERROR_SCHEMA },
    },
  };
}

function describe(operation: Operation): Document {
  const { id, summary, description, method, request, response, status, idempotent } = operation;
  return {
    operationId: id,
    summary,
    description,
    ...(idempotent && { parameters: [IDEMPOTENCY_KEY, TRACEPARENT] }),
    ...(method === 'post' && {
      requestBody: { required: true, content: { 'application/json': { schema: request } } },
    }),
    responses: {
      [status]: { description: 'Done.', content: { 'application/json': { schema: response } } },
      ...errorResponses(operation),
    },
  };
}

function errorResponses({ method, errors }: Operation): Document {
  const kinds = [...new Set([...WITH_KEY, ...(method === 'post' ? WITH_BODY : []), ...errors])];
  const byStatus = Map.groupBy(kinds, statusOf);
  const statuses = [...byStatus].map(([status, those]) => [
    status,
    errorResponse(those.map(kind => ERROR_KINDS[kind].meaning)),
  ]);
  const unsupported = method === 'post' ? [[415, errorResponse(['The body is not application/json.'])]] : [];
  return Object.fromEntries([...statuses, ...unsupported]);
}

function errorResponse(meanings: readonly string[]): Document {
  return {
    description: meanings.join(' '),
    content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
  };
}

const IDEMPOTENCY_KEY = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description: 'The same key in the same channel is stored once while it is remembered.',
  schema: { type: 'string', pattern: '^[\\x21-\\x7e]+$', maxLength: LIMITS.idempotencyKeyBytesMax },
};

const TRACEPARENT = {
  name: 'traceparent',
  in: 'header',
  required: false,
  description: 'W3C Trace Context; a malformed one is ignored.',
  schema: { type: 'string' },
};
