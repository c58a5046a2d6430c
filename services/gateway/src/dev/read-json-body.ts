import type { IncomingMessage } from 'node:http';
import { err, ok, type Result } from '@kittiwake/base';

const BODY_BYTES_MAX = 8_192;

/** Reads a small JSON body, or says what is wrong with it. */
export async function readJsonBody(request: IncomingMessage): Promise<Result<unknown, string>> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    const buffer = Buffer.from(chunk);
    bytes += buffer.length;
    if (bytes > BODY_BYTES_MAX) return err(`the body may have ${BODY_BYTES_MAX} bytes`);
    chunks.push(buffer);
  }
  try {
    return ok(JSON.parse(Buffer.concat(chunks).toString('utf8')));
  } catch {
    return err('send JSON: {"user": "alice"}');
  }
}
