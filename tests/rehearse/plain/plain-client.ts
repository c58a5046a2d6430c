import type { Random } from '@kittiwake/base';
import { jsonCodec, PROTOCOL_VERSION, pongTo, SUBPROTOCOL, type WireData } from '@kittiwake/protocol';
import library, { type Options } from 'reconnecting-websocket';
import { WebSocket } from 'ws';

// Its types are those of its ES module; Node gets the other one, which is the class itself.
const ReconnectingWebSocket = library as unknown as typeof library.default;

/** What a plain client is made of. */
export type PlainClientOptions = {
  readonly url: string;
  readonly token: string;
  readonly random: Random;
  /** A gateway has welcomed it. */
  readonly connected: () => void;
  readonly lost: () => void;
};

/**
 * Somebody's own client, without our SDK: a `ws` that reconnecting-websocket opens again, by that library's usual delays.
 * It sends `connect`, answers pings, and knows neither `goaway` nor what a refusal says about when to come back.
 */
export class PlainClient {
  readonly #options: PlainClientOptions;
  readonly #socket: InstanceType<typeof ReconnectingWebSocket>;

  constructor(options: PlainClientOptions) {
    this.#options = options;
    this.#socket = new ReconnectingWebSocket(options.url, [SUBPROTOCOL.json], delays(options.random));
    this.#socket.addEventListener('open', () => this.#connect());
    this.#socket.addEventListener('message', ({ data }) => this.#receive(String(data)));
    this.#socket.addEventListener('close', () => options.lost());
  }

  #connect(): void {
    this.#send(
      jsonCodec.encode({ type: 'connect', ref: 1, protocol: PROTOCOL_VERSION, token: this.#options.token }),
    );
  }

  #receive(data: WireData): void {
    const decoded = jsonCodec.decodeServer(data);
    if (!decoded.ok) return;
    if (decoded.value.type === 'connected') this.#options.connected();
    if (decoded.value.type === 'ping') this.#send(jsonCodec.encode(pongTo(decoded.value)));
  }

  #send(data: WireData): void {
    this.#socket.send(typeof data === 'string' ? data : Buffer.from(data));
  }
}

/** The library stops listening before it closes a dial that takes too long; a `ws` whose error nobody hears ends the process. */
class HeardSocket extends WebSocket {
  constructor(address: string, protocols: string[]) {
    super(address, protocols);
    this.on('error', () => {});
  }
}

/** Its defaults, drawn for each client: it draws them once for all that share a page. */
function delays(random: Random): Options {
  return {
    WebSocket: HeardSocket,
    minReconnectionDelay: 1_000 + 4_000 * random.next(),
    maxReconnectionDelay: 10_000,
    reconnectionDelayGrowFactor: 1.3,
    connectionTimeout: 4_000,
  };
}
