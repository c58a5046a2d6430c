import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, test } from 'node:test';
import { systemClock } from '@kittiwake/base';
import { SUBPROTOCOL } from '@kittiwake/protocol';
import { until } from '@kittiwake/testkit';
import { WebSocket } from 'ws';
import { openAccess } from './lib/access.ts';
import { isReady, podsOf, SKIP } from './lib/kubectl.ts';
import { record } from './lib/report.ts';

/** Three gateways with a target of 150 each: this many are above it. */
const CONNECTIONS = 600;
const BATCH = 50;
const SCALED_MS = 90_000;

describe('autoscaling', { skip: SKIP, timeout: 240_000 }, () => {
  test('[R9] connections above the target, and the autoscaler adds a gateway in 90 s', async () => {
    const { url, token } = await openAccess();
    const before = (await podsOf('gateway')).filter(isReady).length;
    const connect = JSON.stringify({ type: 'connect', ref: 1, protocol: 1, token: await token('crowd') });
    const sockets: WebSocket[] = [];
    const startedMs = systemClock.monotonicMs();
    while (sockets.length < CONNECTIONS) {
      sockets.push(...(await Promise.all(Array.from({ length: BATCH }, () => open(url, connect)))));
    }
    const after = await until(
      async () => {
        const ready = (await podsOf('gateway')).filter(isReady).length;
        return ready > before ? ready : undefined;
      },
      { timeoutMs: SCALED_MS, what: 'one more gateway that is ready' },
    );
    record(
      `${CONNECTIONS} connections: ${before} → ${after} gateways ready`,
      (systemClock.monotonicMs() - startedMs) / 1_000,
      's (≤ 90)',
    );
    assert.ok(after > before);
    for (const socket of sockets) socket.terminate();
  });
});

/** Opens one session that answers pings. */
async function open(url: string, connect: string): Promise<WebSocket> {
  const socket = new WebSocket(url, SUBPROTOCOL.json);
  socket.on('error', () => {});
  await once(socket, 'open');
  socket.send(connect);
  socket.on('message', data => {
    if (String(data).startsWith('{"type":"ping"')) socket.send('{"type":"pong"}');
  });
  return socket;
}
