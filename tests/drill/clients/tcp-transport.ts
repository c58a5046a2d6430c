import { connect, type Socket as TcpSocket } from 'node:net';
import type { DialRequest, Socket, SocketHandler, Transport } from '@kittiwake/client';
import { clientFrame, type Frame, FrameReader, OPCODE } from './frame-reader.ts';
import type { GatewayAddress, GatewayPicker } from './gateway-picker.ts';

const ABNORMAL = 1006;
const NO_STATUS = 1005;
const HEADER_BYTES_MAX = 8_192;
const LEAVING_MS = 2_000;

/**
 * WebSockets over bare TCP, so that one process holds thousands of SDK clients: a third of the memory and of the time of
 * the platform's. A dial goes to a gateway that lives, as an ingress does: one that refuses is passed over. `onDial` is called
 * for each.
 */
export function tcpTransport(picker: GatewayPicker, onDial: () => void = () => {}): Transport {
  return {
    dial(request, handler) {
      onDial();
      return new Dialogue(picker, request, handler).begin();
    },
  };
}

/** One dial, and the connection that comes of it. */
class Dialogue {
  readonly #picker: GatewayPicker;
  readonly #request: DialRequest;
  readonly #handler: SocketHandler;
  readonly #reader = new FrameReader();
  #phase: 'upgrading' | 'open' | 'closed' = 'upgrading';
  #tcp: TcpSocket | undefined;
  #head = '';

  constructor(picker: GatewayPicker, request: DialRequest, handler: SocketHandler) {
    this.#picker = picker;
    this.#request = request;
    this.#handler = handler;
  }

  begin(): Socket {
    this.#dial(this.#picker.candidates());
    return { send: data => this.#send(data), close: code => this.#leave(code) };
  }

  #dial([address, ...others]: readonly GatewayAddress[]): void {
    if (address === undefined) {
      queueMicrotask(() => this.#end(ABNORMAL));
      return;
    }
    const tcp = connect({ ...address, noDelay: true });
    this.#tcp = tcp;
    let connected = false;
    tcp.once('connect', () => {
      connected = true;
      tcp.write(this.#upgrade());
    });
    tcp.on('data', (chunk: Buffer) => this.#receive(chunk));
    tcp.on('error', () => tcp.destroy());
    tcp.once('close', () => {
      if (connected || this.#phase === 'closed') this.#end(ABNORMAL);
      else this.#dial(others);
    });
  }

  #upgrade(): string {
    const { url, protocols } = this.#request;
    const { pathname, host } = new URL(url);
    return [
      `GET ${pathname} HTTP/1.1`,
      `Host: ${host}`,
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
      `Sec-WebSocket-Protocol: ${protocols.join(', ')}`,
      '\r\n',
    ].join('\r\n');
  }

  #receive(chunk: Buffer): void {
    const rest = this.#phase === 'upgrading' ? this.#readHead(chunk) : chunk;
    if (rest === undefined) return;
    for (const frame of this.#reader.read(rest)) {
      if (this.#phase !== 'open') return;
      this.#take(frame);
    }
  }

  /** The bytes after the answer to the upgrade; `undefined` until it is whole. */
  #readHead(chunk: Buffer): Buffer | undefined {
    const before = this.#head.length;
    this.#head += chunk.toString('latin1');
    const end = this.#head.indexOf('\r\n\r\n');
    if (end === -1 && this.#head.length < HEADER_BYTES_MAX) return undefined;
    if (!this.#head.startsWith('HTTP/1.1 101 ')) {
      this.#end(ABNORMAL);
      return undefined;
    }
    this.#phase = 'open';
    this.#head = '';
    this.#handler.opened();
    return chunk.subarray(end + 4 - before);
  }

  #take({ opcode, payload }: Frame): void {
    switch (opcode) {
      case OPCODE.text:
        this.#handler.received(payload.toString('utf8'));
        return;
      case OPCODE.binary:
        this.#handler.received(payload);
        return;
      case OPCODE.ping:
        this.#tcp?.write(clientFrame(OPCODE.pong, payload));
        return;
      case OPCODE.close:
        this.#end(payload.length < 2 ? NO_STATUS : payload.readUInt16BE(0));
        return;
    }
  }

  #send(data: string | Uint8Array): boolean {
    if (this.#phase !== 'open' || this.#tcp === undefined) return false;
    const isText = typeof data === 'string';
    const payload = isText ? Buffer.from(data) : Buffer.from(data);
    this.#tcp.write(clientFrame(isText ? OPCODE.text : OPCODE.binary, payload));
    return true;
  }

  /** Our own close: nothing is reported. */
  #leave(code: number): void {
    if (this.#phase === 'open') {
      const reason = Buffer.alloc(2);
      reason.writeUInt16BE(code);
      this.#tcp?.end(clientFrame(OPCODE.close, reason));
    } else this.#tcp?.destroy();
    this.#phase = 'closed';
    // A peer that hangs does not close its end.
    this.#tcp?.setTimeout(LEAVING_MS, () => this.#tcp?.destroy());
  }

  #end(code: number): void {
    if (this.#phase === 'closed') return;
    this.#phase = 'closed';
    this.#tcp?.destroy();
    this.#handler.closed(code);
  }
}
