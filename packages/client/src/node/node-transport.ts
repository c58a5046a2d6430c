import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe } from 'node:diagnostics_channel';
import type { Millis } from '@kittiwake/base';
import { type Transport, webSocketTransport } from '@kittiwake/client';

/** One dial, whether its handshake was made, and what was answered to that. */
type Dial = { isMade: boolean; retryAfterMs: Millis | undefined };

/** What Node's own client (undici) tells on its diagnostics channels: a request that was made, and the head of its answer. */
type RequestMade = { readonly request: object };
type HeadArrived = RequestMade & {
  readonly response: { readonly statusCode: number; readonly headers: readonly Uint8Array[] };
};

const dialling = new AsyncLocalStorage<Dial>();
const dials = new WeakMap<object, Dial>();
let watching = false;

/**
 * Connects by Node's own WebSocket, and hears what a WebSocket hides: the `Retry-After` of a handshake that was refused
 * (SPEC K19). Use it wherever many clients live in one process, or gateways are behind a limit.
 * @example
 * const client = createClient({ url, token, transport: nodeTransport() });
 */
export function nodeTransport(): Transport {
  const inner = webSocketTransport();
  return {
    seesRefusals: true,
    dial(request, handler) {
      watch();
      const dial: Dial = { isMade: false, retryAfterMs: undefined };
      return dialling.run(dial, () =>
        inner.dial(request, {
          opened: () => handler.opened(),
          received: data => handler.received(data),
          closed: code => handler.closed(code, dial.retryAfterMs),
        }),
      );
    },
  };
}

/**
 * The first request that is made on behalf of a dial is its handshake, and its answer is found by the request. What an
 * application asks for in answer to what a socket tells is on behalf of the same dial, and comes later.
 */
function watch(): void {
  if (watching) return;
  watching = true;
  subscribe('undici:request:create', message => {
    const dial = dialling.getStore();
    if (dial === undefined || dial.isMade) return;
    dial.isMade = true;
    dials.set((message as RequestMade).request, dial);
  });
  subscribe('undici:request:headers', message => {
    const { request, response } = message as HeadArrived;
    const dial = dials.get(request);
    if (dial !== undefined) dial.retryAfterMs = retryAfterIn(response.headers);
  });
}

/** Seconds are understood, dates are not: gateways and ingresses send seconds. */
function retryAfterIn(headers: readonly Uint8Array[]): Millis | undefined {
  const texts = headers.map(bytes => Buffer.from(bytes).toString('latin1'));
  const index = texts.findIndex((name, at) => at % 2 === 0 && name.toLowerCase() === 'retry-after');
  const value = index === -1 ? undefined : texts[index + 1]?.trim();
  return value !== undefined && /^\d{1,9}$/.test(value) ? Number(value) * 1_000 : undefined;
}
