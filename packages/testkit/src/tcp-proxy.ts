import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A TCP proxy on loopback that can let a connection die silently. */
export type TcpProxy = {
  readonly port: number;
  /**
   * From now on nothing of what the server sends reaches those clients that sent `text` at some time; their connections
   * stay open, as behind a middlebox that forgot them. Returns how many there are.
   */
  mute(text: string): number;
  stop(): Promise<void>;
};

type Pair = { readonly client: Socket; readonly server: Socket; sent: string; muted: boolean };

const REMEMBERED_CHARACTERS = 65_536;

/** Starts a proxy to `127.0.0.1:targetPort`. */
export async function startTcpProxy(targetPort: number): Promise<TcpProxy> {
  const pairs = new Set<Pair>();
  const listener = createServer(client => {
    const pair: Pair = { client, server: connect(targetPort, '127.0.0.1'), sent: '', muted: false };
    pairs.add(pair);
    join(pair, () => pairs.delete(pair));
  }).listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const address = listener.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port');
  return {
    port: address.port,
    mute(text) {
      const found = [...pairs].filter(pair => pair.sent.includes(text));
      for (const pair of found) pair.muted = true;
      return found.length;
    },
    async stop() {
      for (const { client, server } of pairs) {
        client.destroy();
        server.destroy();
      }
      listener.close();
      await once(listener, 'close');
    },
  };
}

function join(pair: Pair, ended: () => void): void {
  const { client, server } = pair;
  client.on('data', chunk => {
    pair.sent = (pair.sent + chunk.toString('latin1')).slice(-REMEMBERED_CHARACTERS);
    server.write(chunk);
  });
  server.on('data', chunk => {
    if (!pair.muted) client.write(chunk);
  });
  for (const [one, other] of [
    [client, server],
    [server, client],
  ] as const) {
    one.on('error', () => other.destroy());
    one.on('close', () => {
      other.destroy();
      ended();
    });
  }
}
