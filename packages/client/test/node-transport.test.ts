import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { WebSocketServer } from 'ws';
import { nodeTransport } from '../src/node/node-transport.ts';

/** A server that refuses each upgrade with the headers that the path says, and answers plain requests in the same way. */
async function refusingServer(t: TestContext): Promise<string> {
  const server: Server = createServer((request, response) => {
    response.writeHead(503, { 'retry-after': request.url?.slice(1) ?? '' });
    response.end();
  });
  server.on('upgrade', (request, socket) => {
    const headers = decodeURIComponent(request.url?.slice(1) ?? '');
    if (headers === 'gone') socket.destroy();
    else
      socket.end(
        `HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n${headers}Content-Length: 0\r\n\r\n`,
      );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** How a dial ends that is refused with these header lines. */
function refusal(host: string, headers: string): Promise<readonly unknown[]> {
  return new Promise(resolve => {
    const handler = { opened: () => {}, received: () => {}, closed: (...args: unknown[]) => resolve(args) };
    nodeTransport().dial({ url: `ws://${host}/${encodeURIComponent(headers)}`, protocols: [] }, handler);
  });
}

test('[K19] Node hears when a refused handshake may be made again', async t => {
  const host = await refusingServer(t);
  assert.deepEqual(await refusal(host, 'Retry-After: 7\r\n'), [1006, 7_000]);
  assert.deepEqual(await refusal(host, 'X-First: 1\r\nretry-after: 120\r\n'), [1006, 120_000]);
});

test('[K19] each dial hears what was answered to itself', async t => {
  const host = await refusingServer(t);
  const seconds = Array.from({ length: 20 }, (_, n) => n + 1);
  const ends = await Promise.all(seconds.map(n => refusal(host, `Retry-After: ${n}\r\n`)));
  assert.deepEqual(
    ends,
    seconds.map(n => [1006, n * 1_000]),
  );
});

test('[K19] nothing is heard where nothing was said, or nothing that can be understood', async t => {
  const host = await refusingServer(t);
  for (const headers of ['', 'gone', 'Retry-After: soon\r\n', 'Retry-After: -1\r\n', 'X: Retry-After\r\n'])
    assert.deepEqual(await refusal(host, headers), [1006, undefined], headers);
});

test('[K19] what an application asks for in answer to a socket is not mistaken for its handshake', async t => {
  const host = await refusingServer(t);
  const gateway = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(gateway, 'listening');
  t.after(() => gateway.close());
  gateway.on('connection', ws => ws.on('message', () => ws.close(1012)));
  const { port } = gateway.address() as AddressInfo;
  const ended = await new Promise(resolve => {
    const socket = nodeTransport().dial(
      { url: `ws://127.0.0.1:${port}`, protocols: [] },
      {
        opened: () => void fetch(`http://${host}/9`).then(() => socket.send('told to wait for 9 s')),
        received: () => {},
        closed: (...args) => resolve(args),
      },
    );
  });
  assert.deepEqual(ended, [1012, undefined]);
});
