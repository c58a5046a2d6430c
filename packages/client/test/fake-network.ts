import type { Clock } from '@kittiwake/base';
import {
  type ClientMessage,
  type Codec,
  jsonCodec,
  type ServerMessage,
  type WireData,
} from '@kittiwake/protocol';
import type { DialRequest, Socket, SocketHandler, Transport } from '../src/transport/transport.ts';

/** The gateway's end of a socket. */
export type GatewayEnd = {
  send(message: ServerMessage): void;
  /** Closes from the gateway's side. */
  close(code: number): void;
};

/** What the gateway's end is told. */
export type GatewayEndHandler = { receive(message: ClientMessage): void; closed(code: number): void };

/** What becomes of a dial: it opens, hangs, or fails. */
export type DialBehaviour = 'accept' | 'hang' | 'refuse';

/** What becomes of one message to the client. */
export type Fate = 'deliver' | 'duplicate' | 'drop';

const LATENCY_MS = 5;

/** A network in memory: messages cross it through the codec, in order, after a latency. */
export class FakeNetwork implements Transport {
  readonly #clock: Clock;
  readonly #codec: Codec;
  readonly #accept: (end: GatewayEnd) => GatewayEndHandler;
  readonly #cables = new Set<Cable>();
  /** What happens to the next dials. */
  dials: DialBehaviour = 'accept';
  /** Decides about each message to the client. */
  fate: (message: ServerMessage) => Fate = () => 'deliver';
  dialled = 0;
  /** What the last handshake offered. */
  offered: readonly string[] = [];
  /** `Retry-After` of handshakes that are refused, as far as the platform shows it. */
  retryAfterMs: number | undefined;
  /** Whether that is shown at all. */
  seesRefusals = false;
  /** The most sockets that the client held open at a time. */
  liveMax = 0;

  constructor(deps: { clock: Clock; codec?: Codec; accept: (end: GatewayEnd) => GatewayEndHandler }) {
    this.#clock = deps.clock;
    this.#codec = deps.codec ?? jsonCodec;
    this.#accept = deps.accept;
  }

  get live(): number {
    return this.#cables.size;
  }

  dial({ protocols }: DialRequest, handler: SocketHandler): Socket {
    this.dialled += 1;
    this.offered = protocols;
    const cable = new Cable({ clock: this.#clock, codec: this.#codec, network: this }, handler);
    this.#cables.add(cable);
    this.liveMax = Math.max(this.liveMax, this.#cables.size);
    if (this.dials === 'accept') cable.later(() => cable.open(this.#accept));
    if (this.dials === 'refuse') cable.later(() => cable.breakOff(1006, this.retryAfterMs));
    return cable;
  }

  /** Breaks every connection; the client hears 1006, or nothing where `silently`. */
  cut(silently = false): void {
    for (const cable of [...this.#cables]) {
      if (silently) cable.goSilent();
      else cable.breakOff(1006);
    }
  }

  release(cable: Cable): void {
    this.#cables.delete(cable);
  }
}

type CableDeps = { readonly clock: Clock; readonly codec: Codec; readonly network: FakeNetwork };

/** One connection: the client holds it as a socket, the gateway through its end. */
class Cable implements Socket {
  readonly #deps: CableDeps;
  readonly #client: SocketHandler;
  #gateway: GatewayEndHandler | undefined;
  #phase: 'dialling' | 'open' | 'silent' | 'closed' = 'dialling';

  constructor(deps: CableDeps, client: SocketHandler) {
    this.#deps = deps;
    this.#client = client;
  }

  open(accept: (end: GatewayEnd) => GatewayEndHandler): void {
    if (this.#phase !== 'dialling') return;
    this.#phase = 'open';
    this.#gateway = accept({
      send: message => this.#toClient(message),
      close: code => this.#closeFromGateway(code),
    });
    this.#client.opened();
  }

  send(data: WireData): boolean {
    if (this.#phase === 'silent') return true;
    if (this.#phase !== 'open') return false;
    const decoded = this.#deps.codec.decodeClient(data);
    if (!decoded.ok)
      throw new Error(`the client sent what is no message: ${decoded.error.path} ${decoded.error.message}`);
    this.later(() => this.#phase === 'open' && this.#gateway?.receive(decoded.value));
    return true;
  }

  close(code: number): void {
    this.#end();
    this.#gateway?.closed(code);
  }

  breakOff(code: number, retryAfterMs?: number): void {
    if (this.#phase === 'closed') return;
    this.#end();
    this.#gateway?.closed(1006);
    this.#client.closed(code, retryAfterMs);
  }

  goSilent(): void {
    this.#phase = 'silent';
    this.#gateway?.closed(1006);
  }

  later(work: () => unknown): void {
    void this.#deps.clock.after(LATENCY_MS, () => void work());
  }

  #toClient(message: ServerMessage): void {
    const data = this.#deps.codec.encode(message);
    const fate = this.#deps.network.fate(message);
    if (fate === 'drop') return;
    const deliver = (): void => {
      if (this.#phase === 'open') this.#client.received(data);
    };
    this.later(deliver);
    if (fate === 'duplicate') this.later(deliver);
  }

  #closeFromGateway(code: number): void {
    this.later(() => {
      if (this.#phase !== 'open') return;
      this.#end();
      this.#gateway?.closed(code);
      this.#client.closed(code);
    });
  }

  #end(): void {
    this.#phase = 'closed';
    this.#deps.network.release(this);
  }
}
