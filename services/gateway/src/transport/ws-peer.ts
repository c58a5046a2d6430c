import type { Duplex } from 'node:stream';
import type { Clock, Millis, Timer } from '@kittiwake/base';
import { CLOSE_CODES, type Format, LIMITS } from '@kittiwake/protocol';
import type { WebSocket } from 'ws';
import type { Metrics } from '../metrics/metrics.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { FlushScheduler } from './flush-scheduler.ts';
import { Outbox } from './outbox.ts';
import type { Frame, Peer, PeerHandler, SendVerdict } from './peer-handler.ts';
import type { Tally } from './tally.ts';
import type { TransportLimits } from './transport-limits.ts';

/** What all peers of a server share. */
export type PeerContext = {
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly limits: TransportLimits;
  readonly scheduler: FlushScheduler;
  readonly tally: Tally;
};

/** One connection, and who it is. */
export type Connection = {
  readonly ws: WebSocket;
  /** The socket below, as the upgrade handed it over; frames are written to it whole, so they mix with those of `ws`. */
  readonly socket: Duplex;
  readonly format: Format;
  readonly address: string;
};

/** More than this is not held back until the end of the tick: it would only grow the buffer. */
const FLUSH_BYTES = 65_536;

const WS_ERROR_CLOSE_CODES: { readonly [error: string]: number } = {
  WS_ERR_INVALID_UTF8: 1007,
  WS_ERR_TOO_MANY_BUFFERED_PARTS: 1008,
  WS_ERR_UNSUPPORTED_MESSAGE_LENGTH: 1009,
  WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH: 1009,
};

/** One WebSocket. It reads through `ws` and writes frames of our own past it (ADR 0006). No method throws (rule T8). */
export class WsPeer implements Peer {
  readonly format: Format;
  readonly address: string;
  readonly #connection: Connection;
  readonly #context: PeerContext;
  readonly #outbox: Outbox;
  readonly #openedAtMs: Millis;
  #handler: PeerHandler | undefined;
  #phase: 'open' | 'closing' | 'closed' = 'open';
  #closeCode: number | undefined;
  #scheduled = false;
  #writesUnderWay = 0;
  #bytesCounted = 0;
  #overflowed = false;
  #ageTimer: Timer | undefined;
  readonly #onWritten = (): void => this.#written();

  constructor(connection: Connection, context: PeerContext) {
    this.format = connection.format;
    this.address = connection.address;
    this.#connection = connection;
    this.#context = context;
    this.#outbox = new Outbox(context.limits);
    this.#openedAtMs = context.clock.monotonicMs();
  }

  /** Begins to hand messages to `handler`; `onClosed` is called once, after the handler was told. */
  attach(handler: PeerHandler, onClosed: () => void): void {
    this.#handler = handler;
    const { ws } = this.#connection;
    ws.on('message', (data: Buffer, isBinary: boolean) => this.#receive(data, isBinary));
    ws.on('error', (error: NodeJS.ErrnoException) => this.#broken(error));
    ws.on('close', (code: number) => {
      this.#gone(code);
      onClosed();
    });
  }

  send(frame: Frame): SendVerdict {
    const { socket, ws } = this.#connection;
    if (this.#phase !== 'open' || ws.readyState !== ws.OPEN) return 'closed';
    const verdict = this.#outbox.push(frame, this.#context.scheduler.shared, socket.writableLength);
    if (verdict === 'overflow') this.#countOverflow();
    else if (verdict === 'buffered') this.#countWaiting();
    else if (this.#outbox.bytes >= FLUSH_BYTES) this.#write();
    else this.#schedule();
    return verdict;
  }

  close(code: number, reason: string): void {
    if (this.#phase !== 'open') return;
    this.#write({ evenIfBlocked: true });
    this.#phase = 'closing';
    this.#closeCode = mayBeSent(code) ? code : 1011;
    this.#connection.ws.close(this.#closeCode, cutToBytes(reason, LIMITS.closeReasonBytesMax));
  }

  /** Writes what was sent in this tick; called by the scheduler. */
  flush(): void {
    this.#scheduled = false;
    this.#write();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#context.scheduler.schedule(this);
  }

  #write(options: { readonly evenIfBlocked: boolean } = { evenIfBlocked: false }): void {
    if (this.#outbox.blocked && !options.evenIfBlocked) return;
    const { socket, ws } = this.#connection;
    const pending = this.#outbox.take();
    if (pending === undefined || ws.readyState !== ws.OPEN) return;
    this.#writesUnderWay += 1;
    socket.write(pending.whole(), this.#onWritten);
    this.#context.tally.sent(pending.frames, pending.bytes);
    if (socket.writableLength > 0) this.#block(pending.frames);
  }

  /** The socket has taken a write; once it has taken all, what piled up meanwhile goes out in one. */
  #written(): void {
    this.#writesUnderWay -= 1;
    if (this.#writesUnderWay > 0 || !this.#outbox.blocked || this.#phase === 'closed') return;
    this.#outbox.unblock();
    this.#ageTimer?.cancel();
    this.#ageTimer = undefined;
    if (this.#phase === 'open') this.#write();
    this.#countWaiting();
  }

  #block(frames: number): void {
    this.#outbox.block(frames);
    this.#ageTimer ??= this.#context.clock.after(this.#context.limits.outboxAgeMaxMs, () => this.#tooOld());
    this.#countWaiting();
  }

  /** The oldest byte has waited too long: whoever reads this slowly gets no live stream. */
  #tooOld(): void {
    this.#countOverflow();
    this.close(4431, CLOSE_CODES[4431].reason);
  }

  #receive(data: Buffer, isBinary: boolean): void {
    if (this.#phase !== 'open') return;
    this.#context.metrics.count('kittiwake_bytes_received_total', data.length);
    if (isBinary !== (this.format === 'msgpack')) {
      this.close(1003, CLOSE_CODES[1003].reason);
      return;
    }
    this.#guarded(() => this.#handler?.receive(isBinary ? data : data.toString()));
  }

  /** Bytes that broke RFC 6455 or a bound: `ws` sends the close frame for it. Anything else ends as 1006. */
  #broken(error: NodeJS.ErrnoException): void {
    if (this.#phase !== 'open') return;
    this.#phase = 'closing';
    const code = error.code ?? '';
    if (code.startsWith('WS_ERR_')) this.#closeCode = WS_ERROR_CLOSE_CODES[code] ?? 1002;
    this.#context.log.debug('transport.broken', { error: code });
  }

  #gone(code: number): void {
    this.#phase = 'closed';
    this.#ageTimer?.cancel();
    this.#outbox.take();
    this.#context.metrics.add('kittiwake_outbox_bytes', -this.#bytesCounted);
    this.#bytesCounted = 0;
    const closeCode = this.#closeCode ?? code;
    this.#countClosed(closeCode);
    this.#guarded(() => this.#handler?.closed(closeCode));
    this.#handler = undefined;
  }

  /** Our own mistake in handling one connection ends that connection, and no other (ADR 0001). */
  #guarded(call: () => void): void {
    try {
      call();
    } catch (reason) {
      this.#context.metrics.count('kittiwake_assertion_failures_total', 1, { room: 'session' });
      this.#context.log.error('transport.handler_failed', { reason: String(reason) });
      this.close(1011, CLOSE_CODES[1011].reason);
    }
  }

  #countWaiting(): void {
    const waiting = this.#outbox.blocked ? this.#outbox.bytes + this.#connection.socket.writableLength : 0;
    if (waiting === this.#bytesCounted) return;
    this.#context.metrics.add('kittiwake_outbox_bytes', waiting - this.#bytesCounted);
    this.#bytesCounted = waiting;
  }

  #countOverflow(): void {
    if (this.#overflowed) return;
    this.#overflowed = true;
    this.#context.metrics.count('kittiwake_outbox_overflows_total', 1);
  }

  #countClosed(code: number): void {
    const known = code in CLOSE_CODES ? CLOSE_CODES[code as keyof typeof CLOSE_CODES].reason : undefined;
    const labels =
      known === undefined ? { code: 'other', reason: 'other' } : { code: String(code), reason: known };
    this.#context.metrics.count('kittiwake_disconnects_total', 1, labels);
    const lifetimeMs = this.#context.clock.monotonicMs() - this.#openedAtMs;
    this.#context.metrics.observe('kittiwake_connection_duration_seconds', lifetimeMs / 1_000);
  }
}

/** Codes that a close frame may carry (RFC 6455 §7.4). */
function mayBeSent(code: number): boolean {
  return (
    (code >= 1000 && code <= 1014 && ![1004, 1005, 1006].includes(code)) || (code >= 3000 && code <= 4999)
  );
}

/** The longest start of `text` that is at most `bytesMax` bytes of UTF-8, cut between characters. */
function cutToBytes(text: string, bytesMax: number): string {
  if (Buffer.byteLength(text) <= bytesMax) return text;
  const bytes = Buffer.from(text).subarray(0, bytesMax);
  return bytes.toString().replace(/\uFFFD+$/, '');
}
