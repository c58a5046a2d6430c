import type { IncomingMessage } from 'node:http';
import { err, ok, type Result } from '@kittiwake/base';

const BODY_BYTES_MAX = 8_192;

/** Reads a small JSON body, or says what is wrong with it. The connection stays open for the answer. */
export async function readJsonBody(request: IncomingMessage): Promise<Result<unknown, string>> {
  const text = await readText(request);
  if (!text.ok) return text;
  try {
    return ok(JSON.parse(text.value));
  } catch {
    return err('send JSON: {"user": "alice"}');
  }
}

async function readText(request: IncomingMessage): Promise<Result<string, string>> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    // What is left over would be destroyed together with the socket, and the answer with it.
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      const buffer = Buffer.from(chunk);
      bytes += buffer.length;
      if (bytes > BODY_BYTES_MAX) return err(`the body may have ${BODY_BYTES_MAX} bytes`);
      chunks.push(buffer);
    }
  } catch {
    return err('the body ended before it was whole');
  }
  return ok(Buffer.concat(chunks).toString('utf8'));
}
