import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, test } from 'node:test';
import { SUBPROTOCOL } from '@kittiwake/protocol';
import { WebSocket } from 'ws';
import { openAccess } from './lib/access.ts';
import { SKIP } from './lib/kubectl.ts';

describe('refusals', { skip: SKIP, timeout: 60_000 }, () => {
  test('[S1] a client without a token is closed with 4401', async () => {
    const { url } = await openAccess();
    assert.equal(await closeCodeOf(url, { type: 'connect', ref: 1, protocol: 1 }), 4401);
  });

  test('[S4] a client with an expired token is closed with 4402', async () => {
    const { url, token } = await openAccess();
    const expired = await token('alice', { ttlSeconds: -1 });
    assert.equal(await closeCodeOf(url, { type: 'connect', ref: 1, protocol: 1, token: expired }), 4402);
  });

  test('[T2] a browser of a foreign origin is refused with 403 before the upgrade', async () => {
    const { url } = await openAccess();
    const socket = new WebSocket(url, SUBPROTOCOL.json, { origin: 'https://evil.example' });
    socket.on('error', () => {});
    const [, response] = await once(socket, 'unexpected-response');
    assert.equal(response.statusCode, 403);
    socket.terminate();
  });

  test('[A5] joining what the token does not grant is forbidden, and the connection goes on', async () => {
    const client = await (await openAccess()).connect('alice');
    const refused = await client.channel('feed:news').join();
    assert.equal(!refused.ok && refused.error.kind, 'forbidden');
    assert.equal((await client.channel('chat:allowed').join()).ok, true);
    client.close();
  });
});

/** Opens a peer, sends one message, and returns the code with which it is closed. */
async function closeCodeOf(url: string, message: object): Promise<number> {
  const socket = new WebSocket(url, SUBPROTOCOL.json);
  await once(socket, 'open');
  socket.send(JSON.stringify(message));
  const [code] = await once(socket, 'close', { signal: AbortSignal.timeout(10_000) });
  return code;
}
