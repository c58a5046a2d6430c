import { err, type Result } from '@kittiwake/base';
import { type Json, parseJson } from '@kittiwake/protocol';
import { errorResponse } from './api-error.ts';

/** Bytes of one request body. */
export const BODY_BYTES_MAX = 1_048_576;

/** Reads a JSON body within bounds of bytes, depth, width and keys; what is wrong comes back as the response (H5). */
export async function readBody(request: Request): Promise<Result<Json, Response>> {
  const type = request.headers.get('content-type')?.split(';', 1)[0]?.trim().toLowerCase();
  if (type !== 'application/json') {
    return err(
      errorResponse({ kind: 'malformed', message: 'The body must be application/json.' }, { status: 415 }),
    );
  }
  // A client that goes away in the middle of its body breaks the stream; the answer is for nobody.
  const bytes = await readBounded(request).catch(() => new Uint8Array());
  if (bytes === undefined) return err(tooLarge());
  const text = decodeUtf8(bytes);
  if (text === undefined) return err(errorResponse({ kind: 'malformed', message: 'The body is not UTF-8.' }));
  const parsed = parseJson(text, BODY_BYTES_MAX);
  if (parsed.ok) return parsed;
  const { kind, message, path } = parsed.error;
  return err(kind === 'message_too_large' ? tooLarge() : errorResponse({ kind, message, path }));
}

async function readBounded(request: Request): Promise<Uint8Array | undefined> {
  if (Number(request.headers.get('content-length') ?? 0) > BODY_BYTES_MAX) return undefined;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.length;
    if (size > BODY_BYTES_MAX) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** The rest of the body is not read, so the connection cannot be used again. */
function tooLarge(): Response {
  const failure = {
    kind: 'message_too_large',
    message: `The body is larger than ${BODY_BYTES_MAX} bytes.`,
  } as const;
  return errorResponse(failure, { headers: { connection: 'close' } });
}
