import { type Clock, err, type Result } from '@kittiwake/base';
import { type ChannelName, type EventName, type Json, parseJson, type UserId } from '@kittiwake/protocol';
import type { Failure } from '../protocol/error-message.ts';

/** A request of a session, on its way to the channel's backend. */
export type ResponderRequest = {
  readonly url: string;
  readonly channel: ChannelName;
  readonly event: EventName;
  readonly user: UserId;
  readonly data: Json;
  readonly timeoutMs: number;
};

/** Asks the backend that answers a channel's requests (SPEC Q2). Never throws. */
export type Responder = { ask(request: ResponderRequest): Promise<Result<Json, Failure>> };

/** What the HTTP responder needs. */
export type HttpResponderDeps = {
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  /** Sent as a bearer token, so that the backend knows who asks. */
  readonly apiKey: string;
  readonly bytesMax: number;
};

/** Sends requests as `POST url {channel, event, user, data}`; a 200 with a JSON body is the response. */
export function createHttpResponder(deps: HttpResponderDeps): Responder {
  return {
    async ask({ url, timeoutMs, ...body }) {
      const abort = new AbortController();
      const timer = deps.clock.after(timeoutMs, () => abort.abort());
      try {
        const response = await deps.fetch(url, {
          method: 'POST',
          headers: { 'content-type': 'application/json', authorization: `Bearer ${deps.apiKey}` },
          body: JSON.stringify(body),
          signal: abort.signal,
          redirect: 'error',
        });
        return await readResponse(response, deps.bytesMax);
      } catch {
        const kind = abort.signal.aborted ? 'timeout' : 'no_responder';
        return err({
          kind,
          message:
            kind === 'timeout' ? 'the responder did not answer in time' : 'the responder cannot be reached',
        });
      } finally {
        timer.cancel();
      }
    },
  };
}

async function readResponse(response: Response, bytesMax: number): Promise<Result<Json, Failure>> {
  const text = await readBounded(response, bytesMax);
  if (text === undefined)
    return err({ kind: 'message_too_large', message: 'the answer of the responder is too large' });
  if (!response.ok)
    return err({ kind: 'no_responder', message: `the responder answered ${response.status}` });
  // Within the bounds of the wire: what no message could carry is no answer (SPEC M6, M7).
  const parsed = parseJson(text, bytesMax);
  return parsed.ok
    ? parsed
    : err({
        kind: 'no_responder',
        message: 'the responder did not answer with JSON that a message may carry',
      });
}

async function readBounded(response: Response, bytesMax: number): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > bytesMax) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
