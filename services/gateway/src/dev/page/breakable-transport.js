import { webSocketTransport } from '@kittiwake/client';

const ABNORMAL = 1006;

/** A transport whose network can be taken away for a while: dials fail, as they do without a network. */
export function breakableTransport() {
  const real = webSocketTransport();
  let cutUntilMs = 0;
  return {
    cutFor(durationMs) {
      cutUntilMs = performance.now() + durationMs;
    },
    dial(request, handler) {
      if (performance.now() >= cutUntilMs) return real.dial(request, handler);
      setTimeout(() => handler.closed(ABNORMAL), 100);
      return { send: () => false, close: () => {} };
    },
  };
}
