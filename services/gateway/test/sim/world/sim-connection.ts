import type { Socket, SocketHandler } from '@kittiwake/client';
import type { Codec, ServerMessage, WireData } from '@kittiwake/protocol';
import type { SimHost, SimNetwork, SimPipe } from '@kittiwake/testkit';
import type { Frame } from '../../../src/transport/peer-handler.ts';
import { textOf } from './frame-text.ts';
import type { LineState } from './line-state.ts';
import type { PeerLine, SimPeer } from './sim-peer.ts';

/** What kernels on both sides hold for a client that does not read; more waits in the gateway. */
const KERNEL_BYTES = 2_048;

/** A gateway as a dial finds it. */
export type Dialled = { readonly host: SimHost; accept(line: SimConnection): SimPeer | undefined };

/** Chooses the gateway that a dial reaches; `undefined` where there is none. */
export type Ingress = { route(): Dialled | undefined };

/** What a connection is made of. */
export type ConnectionParts = {
  readonly network: SimNetwork;
  readonly ingress: Ingress;
  readonly client: SimHost;
  readonly line: LineState;
  readonly codec: Codec;
  readonly onEnd: (connection: SimConnection) => void;
  /** The gateway sends a message. */
  readonly onSent: (message: ServerMessage) => void;
};

/** Who hears of it when a connection breaks; the others find out. */
export type Told = { readonly client: boolean; readonly gateway: boolean };

/** One connection: the client holds it as a socket, the gateway as the line of a peer. */
export class SimConnection implements Socket, PeerLine {
  readonly #parts: ConnectionParts;
  readonly #handler: SocketHandler;
  #phase: 'dialling' | 'open' | 'closed' = 'dialling';
  #wire: { readonly gateway: Dialled; readonly up: SimPipe; readonly down: SimPipe } | undefined;
  #peer: SimPeer | undefined;
  #unreadBytes = 0;
  #unread: { readonly frames: readonly Frame[]; readonly bytes: number }[] = [];
  #closesWith: number | undefined;

  constructor(parts: ConnectionParts, handler: SocketHandler) {
    this.#parts = parts;
    this.#handler = handler;
  }

  get gateway(): Dialled | undefined {
    return this.#wire?.gateway;
  }

  dial(): void {
    const { network, client, ingress } = this.#parts;
    this.#later(() => {
      if (this.#phase === 'closed') return;
      const gateway = ingress.route();
      if (gateway === undefined) {
        this.#later(() => client.deliver(() => this.#end(1006)));
        return;
      }
      const [up, down] = [network.pipe(client, gateway.host), network.pipe(gateway.host, client)];
      this.#wire = { gateway, up, down };
      this.delay();
      up.send(() => this.#arrive(gateway));
    });
  }

  send(data: WireData): boolean {
    if (this.#phase !== 'open') return false;
    this.#wire?.up.send(() => this.#peer?.receive(data as string));
    return true;
  }

  close(code: number): void {
    if (this.#phase === 'closed') return;
    this.#wire?.down.close();
    this.#wire?.up.send(() => this.#peer?.gone(code));
    this.#forget();
  }

  get bytesInSocket(): number {
    return Math.max(0, this.#unreadBytes - KERNEL_BYTES);
  }

  write(frames: readonly Frame[], bytes: number): void {
    this.#unreadBytes += bytes;
    for (const frame of frames) this.#watch(textOf(frame));
    this.#wire?.down.send(() => this.#received(frames, bytes));
  }

  sendClose(code: number): void {
    this.#wire?.down.send(() => this.#closed(code));
  }

  /** Messages take as long from here on as the line says. */
  delay(): void {
    const { up, down } = this.#wire ?? {};
    const { trouble } = this.#parts.line;
    if (up !== undefined) up.trouble = trouble;
    if (down !== undefined) down.trouble = trouble;
  }

  /** The client reads on after a stall: where it slept as well, only once it is awake. */
  readOn(): void {
    const unread = this.#unread;
    this.#unread = [];
    for (const { frames, bytes } of unread) this.#read(frames, bytes);
    if (this.#closesWith !== undefined) this.#closed(this.#closesWith);
  }

  /** The connection breaks: nothing crosses it any more, and those who are `told` hear so. */
  breakOff(told: Told): void {
    const { client } = this.#parts;
    const { up, down, gateway } = this.#wire ?? {};
    up?.close();
    down?.close();
    if (told.client) this.#later(() => client.deliver(() => this.#end(1006)));
    if (told.gateway) this.#later(() => gateway?.host.deliver(() => this.#peer?.gone(1006)));
  }

  #watch(text: string): void {
    const decoded = this.#parts.codec.decodeServer(text);
    if (decoded.ok) this.#parts.onSent(decoded.value);
  }

  #arrive(gateway: Dialled): void {
    this.#peer = gateway.accept(this);
    const accepted = this.#peer !== undefined;
    this.#wire?.down.send(() => (accepted ? this.#opened() : this.#end(1006)));
  }

  #opened(): void {
    if (this.#phase !== 'dialling') return;
    this.#phase = 'open';
    this.#handler.opened();
  }

  #received(frames: readonly Frame[], bytes: number): void {
    const { line } = this.#parts;
    if (line.stalled || this.#unread.length > 0) this.#unread.push({ frames, bytes });
    else this.#read(line.meddle(frames), bytes);
  }

  #read(frames: readonly Frame[], bytes: number): void {
    this.#unreadBytes -= bytes;
    const peer = this.#peer;
    if (peer?.blocked === true && this.bytesInSocket === 0) this.#wire?.up.send(() => peer.drained());
    for (const frame of frames) if (this.#phase === 'open') this.#handler.received(textOf(frame));
  }

  #closed(code: number): void {
    this.#closesWith = code;
    if (this.#phase === 'closed' || this.#parts.line.stalled || this.#unread.length > 0) return;
    this.#wire?.up.send(() => this.#peer?.gone(code));
    this.#end(code);
  }

  #end(code: number): void {
    if (this.#phase === 'closed') return;
    this.#forget();
    this.#handler.closed(code);
  }

  #forget(): void {
    this.#phase = 'closed';
    this.#unread = [];
    this.#parts.onEnd(this);
  }

  #later(work: () => void): void {
    const { network } = this.#parts;
    network.loop.after(network.latencyMs(), work);
  }
}
