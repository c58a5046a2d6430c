import type { OpenRawSocket, RawSocketEvents } from '../lib/raw-socket.ts';

/** A gateway's end of sockets, for tests: what clients sent is kept, what the gateway says is up to the test. */
export type FakeGateway = {
  readonly open: OpenRawSocket;
  /** One per connection attempt, in order. */
  readonly peers: readonly FakePeer[];
};

/** One connection as the gateway sees it. */
export type FakePeer = RawSocketEvents & {
  /** What the client sent, parsed. */
  readonly sent: readonly { readonly [field: string]: unknown }[];
  readonly closedByClient: boolean;
  /** Says a message. */
  say(message: object): void;
  /** Opens, and answers `connect`. */
  accept(): void;
};

/** Makes a gateway to which nobody has come yet. */
export function createFakeGateway(): FakeGateway {
  const peers: FakePeer[] = [];
  const open: OpenRawSocket = events => {
    const sent: { readonly [field: string]: unknown }[] = [];
    let closedByClient = false;
    const say = (message: object): void => events.received(JSON.stringify(message));
    peers.push({
      ...events,
      sent,
      get closedByClient() {
        return closedByClient;
      },
      say,
      accept() {
        events.opened();
        say({ ...CONNECTED, ref: 1 });
      },
    });
    return {
      send: data => void sent.push(JSON.parse(data)),
      close: () => {
        closedByClient = true;
      },
    };
  };
  return { open, peers };
}

const CONNECTED = {
  type: 'connected',
  session: 's1',
  user: 'u',
  gateway: 'g',
  expiresInMs: 3_600_000,
  pingIntervalMs: 25_000,
  pingTimeoutMs: 10_000,
  messageBytesMax: 65_536,
};
