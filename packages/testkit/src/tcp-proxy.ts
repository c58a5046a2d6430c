import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** A TCP proxy on loopback that can let a connection, or the whole server behind it, fall silent. */
export type TcpProxy = {
  readonly port: number;
  /**
   * From now on nothing of what the server sends reaches those clients that sent `text` at some time; their connections
   * stay open, as behind a middlebox that forgot them. Returns how many there are.
   */
  mute(text: string): number;
  /** Mutes those that are there, and everyone who sends `text` until the returned function is called. */
  muteFromNowOn(text: string): () => void;
  /** From now on nothing passes in either direction, and nobody is told: open connections stay open, new ones get no answer. */
  cut(): void;
  /** Connections that were open when it was cut are broken now, as by a peer that forgot them; new ones work again. */
  heal(): void;
  stop(): Promise<void>;
};

type Pair = { readonly client: Socket; readonly server: Socket; sent: string; muted: boolean };

const REMEMBERED_CHARACTERS = 65_536;

/** Starts a proxy to `127.0.0.1:targetPort`. */
export async function startTcpProxy(targetPort: number): Promise<TcpProxy> {
  const pairs = new Set<Pair>();
  const unheard = new Set<string>();
  let isCut = false;
  const isMuted = (pair: Pair): boolean => {
    pair.muted ||= [...unheard].some(text => pair.sent.includes(text));
    return pair.muted;
  };
  const listener = createServer(client => {
    const pair: Pair = { client, server: connect(targetPort, '127.0.0.1'), sent: '', muted: false };
    pairs.add(pair);
    join(pair, { ended: () => pairs.delete(pair), isCut: () => isCut, isMuted });
  }).listen(0, '127.0.0.1');
  await once(listener, 'listening');
  return {
    port: portOf(listener),
    mute(text) {
      const found = [...pairs].filter(pair => pair.sent.includes(text));
      for (const pair of found) pair.muted = true;
      return found.length;
    },
    muteFromNowOn(text) {
      unheard.add(text);
      return () => unheard.delete(text);
    },
    cut() {
      isCut = true;
    },
    heal() {
      isCut = false;
      breakAll(pairs);
      pairs.clear();
    },
    async stop() {
      breakAll(pairs);
      listener.close();
      await once(listener, 'close');
    },
  };
}

function portOf(listener: Server): number {
  const address = listener.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port');
  return address.port;
}

function breakAll(pairs: ReadonlySet<Pair>): void {
  for (const { client, server } of pairs) {
    client.destroy();
    server.destroy();
  }
}

function join(
  pair: Pair,
  {
    ended,
    isCut,
    isMuted,
  }: {
    readonly ended: () => void;
    readonly isCut: () => boolean;
    readonly isMuted: (pair: Pair) => boolean;
  },
): void {
  const { client, server } = pair;
  client.on('data', chunk => {
    pair.sent = (pair.sent + chunk.toString('latin1')).slice(-REMEMBERED_CHARACTERS);
    if (!isCut()) server.write(chunk);
  });
  server.on('data', chunk => {
    if (!isMuted(pair) && !isCut()) client.write(chunk);
  });
  for (const [one, other] of [
    [client, server],
    [server, client],
  ] as const) {
    const end = (): void => {
      // Behind a cut nobody hears that the other end is gone.
      if (isCut()) return;
      other.destroy();
      ended();
    };
    one.on('error', end);
    one.on('close', end);
  }
}
