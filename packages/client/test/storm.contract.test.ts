import assert from 'node:assert/strict';
import { after, before, type TestContext, test } from 'node:test';
import { fullJitter, systemClock, systemRandom } from '@kittiwake/base';
import { until } from '@kittiwake/testkit';
import { WebSocket as Ws } from 'ws';
import { nodeTransport } from '../src/node/node-transport.ts';
import type { Transport } from '../src/transport/transport.ts';
import { type WebSocketConstructor, webSocketTransport } from '../src/transport/websocket-transport.ts';
import { type RealGateways, startRealGateways } from './real-gateways.ts';

/** A crowd that loses its gateway, of real clients of three kinds, and a gateway that lets in 30 a second. */

const EACH = 30;
const RATE = { perSecondMax: 30, perSecondMin: 30, burst: 15, retryAfterMaxMs: 10_000 };
const BACK = { timeoutMs: 60_000 };

let gateways: RealGateways;

before(async () => {
  gateways = await startRealGateways(1, { admission: RATE });
});

after(() => gateways.stop());

/** A client that sends an `Origin`, and sees of a refused handshake what a browser sees: nothing. */
const browser: WebSocketConstructor = class extends Ws {
  constructor(url: string, protocols: string[]) {
    super(url, protocols, { origin: 'https://app.example' });
  }
} as never;

/** Counts dials. */
function counting(transport: Transport, count: { dials: number }): Transport {
  return {
    ...transport,
    dial(request, handler) {
      count.dials += 1;
      return transport.dial(request, handler);
    },
  };
}

/** A client of another kind: opens a WebSocket, and opens it again after a backoff with full jitter when it is gone. */
function plainClient(url: string, opened: () => void): { stop(): void } {
  let failures = 0;
  let stopped = false;
  let ws: Ws;
  const open = (): void => {
    ws = new Ws(url);
    ws.on('error', () => {});
    ws.on('open', () => {
      failures = 0;
      opened();
    });
    ws.on('close', () => {
      if (stopped) return;
      systemClock.after(fullJitter({ baseMs: 250, capMs: 4_000 }, failures, systemRandom), open);
      failures += 1;
    });
  };
  open();
  return {
    stop() {
      stopped = true;
      ws.terminate();
    },
  };
}

/** A crowd, who of it arrived when, and how often the SDKs among it dialled. */
function gather(t: TestContext) {
  const arrivals: { readonly who: string; readonly atMs: number }[] = [];
  const arrived = (who: string) => (): void => void arrivals.push({ who, atMs: systemClock.monotonicMs() });
  const counts = { node: { dials: 0 }, browser: { dials: 0 } };
  const transports = { node: nodeTransport(), browser: webSocketTransport(browser) };
  for (const kind of ['node', 'browser'] as const) {
    for (let n = 0; n < EACH; n += 1) {
      const transport = counting(transports[kind], counts[kind]);
      const client = gateways.client(`${kind}-${n}`, 0, { transport, reconnect: { baseMs: 500 } });
      client.on('status', ({ phase }) => phase === 'connected' && arrived(`${kind}-${n}`)());
      client.connect();
    }
  }
  const [url = ''] = gateways.urls;
  // A peer that does not say who it is lives for 5 s: these come again and again.
  const plain = Array.from({ length: EACH }, (_, n) => plainClient(url, arrived(`plain-${n}`)));
  t.after(() => {
    for (const one of plain) one.stop();
  });
  return { arrivals, counts };
}

test('[L6][L8][K19] a crowd of SDKs, browsers and plain clients is back, at the rate that the gateway lets in', async t => {
  const { arrivals, counts } = gather(t);
  const everybody = (): boolean => new Set(arrivals.map(({ who }) => who)).size === 3 * EACH;
  await until(everybody, { ...BACK, what: 'everybody is there' });
  arrivals.length = 0;
  counts.node.dials = 0;
  counts.browser.dials = 0;
  await gateways.replace(0);
  const startedAtMs = systemClock.monotonicMs();
  await until(everybody, { ...BACK, what: 'everybody is back' });
  const lastMs = (kind: string): number =>
    Math.max(...arrivals.filter(({ who }) => who.startsWith(kind)).map(({ atMs }) => atMs)) - startedAtMs;
  const kinds = ['node', 'browser', 'plain'].map(kind => `${kind} ${Math.round(lastMs(kind))} ms`);
  const dials = [counts.node, counts.browser].map(({ dials: made }) => (made / EACH).toFixed(1));
  t.diagnostic(
    `back after ${kinds.join(', ')}; dials of each SDK in Node ${dials[0]}, as browser ${dials[1]}`,
  );
  assert.ok(
    arrivals.length <= RATE.burst + (RATE.perSecondMax * lastMs('')) / 1_000,
    'no faster than the rate',
  );
  assert.ok(counts.node.dials <= 4 * EACH, `${counts.node.dials} dials of clients that see the header`);
});
