import { err, ok, type Result } from '@kittiwake/base';

/** Fetches a document as text; the error says why not. Never throws. */
export type FetchText = (url: string, signal: AbortSignal) => Promise<Result<string, string>>;

/** Fetches over HTTP: status 200 only, no redirects, at most `bytesMax` bytes. */
export function createFetchText(bytesMax: number): FetchText {
  return async (url, signal) => {
    try {
      const response = await fetch(url, {
        signal,
        redirect: 'error',
        headers: { accept: 'application/json' },
      });
      if (response.status !== 200) {
        await response.body?.cancel();
        return err(`status ${response.status}`);
      }
      return await readBounded(response, bytesMax);
    } catch (error) {
      return err(signal.aborted ? 'no answer in time' : describe(error));
    }
  };
}

async function readBounded(response: Response, bytesMax: number): Promise<Result<string, string>> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    // Leaving the loop cancels the stream.
    if (size > bytesMax) return err(`larger than ${bytesMax} bytes`);
    chunks.push(chunk);
  }
  return ok(Buffer.concat(chunks).toString('utf8'));
}

function describe(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause instanceof Error && 'code' in cause) return String(cause.code);
  return error instanceof Error ? error.name : 'failed';
}
