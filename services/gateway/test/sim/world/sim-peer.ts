import type { Clock, Timer } from '@kittiwake/base';
import type { FlushScheduler } from '../../../src/transport/flush-scheduler.ts';
import { Outbox } from '../../../src/transport/outbox.ts';
import type { Frame, Peer, PeerHandler, SendVerdict } from '../../../src/transport/peer-handler.ts';
import { DEFAULT_TRANSPORT_LIMITS } from '../../../src/transport/transport-limits.ts';

/** What lies between a peer and its client. */
export type PeerLine = {
  /** Bytes that were written and that the socket has not taken: the client reads slowly, or hears nothing. */
  readonly bytesInSocket: number;
  write(frames: readonly Frame[], bytes: number): void;
  /** Says goodbye after everything that was written. */
  sendClose(code: number): void;
};

/** What the peers of one gateway share. */
export type PeerShared = {
  readonly clock: Clock;
  readonly scheduler: FlushScheduler;
  readonly outboxBytesMax: number;
  readonly onGone: (peer: SimPeer) => void;
};

const { outboxFramesMax, outboxAgeMaxMs, closeTimeoutMs } = DEFAULT_TRANSPORT_LIMITS;
const FLUSH_BYTES = 65_536;

/** The gateway's end of a connection: the outbox and the flush of the real one over a line of the simulated network. */
export class SimPeer implements Peer {
  readonly format = 'json';
  readonly address = '10.0.0.1';
  readonly #line: PeerLine;
  readonly #shared: PeerShared;
  readonly #outbox: Outbox;
  #handler: PeerHandler | undefined;
  #phase: 'open' | 'closing' | 'closed' = 'open';
  #closeCode = 1006;
  #frames: Frame[] = [];
  #scheduled = false;
  #timer: Timer | undefined;

  constructor(line: PeerLine, shared: PeerShared) {
    this.#line = line;
    this.#shared = shared;
    this.#outbox = new Outbox({ outboxBytesMax: shared.outboxBytesMax, outboxFramesMax });
  }

  attach(handler: PeerHandler): void {
    this.#handler = handler;
  }

  /** Whether the socket did not take all that was written. */
  get blocked(): boolean {
    return this.#outbox.blocked;
  }

  send(frame: Frame): SendVerdict {
    if (this.#phase !== 'open') return 'closed';
    // No header is put before it: here only the size counts.
    frame.framed ??= frame.payload;
    const verdict = this.#outbox.push(frame, this.#shared.scheduler.shared, this.#line.bytesInSocket);
    if (verdict === 'overflow') return verdict;
    this.#frames.push(frame);
    if (verdict === 'sent') {
      if (this.#outbox.bytes >= FLUSH_BYTES) this.#write();
      else this.#schedule();
    }
    return verdict;
  }

  close(code: number): void {
    if (this.#phase !== 'open') return;
    this.#write();
    this.#phase = 'closing';
    this.#closeCode = code;
    this.#line.sendClose(code);
    this.#timer?.cancel();
    this.#timer = this.#shared.clock.after(closeTimeoutMs, () => this.gone(code));
  }

  flush(): void {
    this.#scheduled = false;
    if (!this.#outbox.blocked) this.#write();
  }

  /** The socket took everything: what piled up goes out. */
  drained(): void {
    if (!this.#outbox.blocked || this.#phase !== 'open') return;
    this.#outbox.unblock();
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#write();
  }

  receive(data: string): void {
    if (this.#phase === 'open') this.#handler?.receive(data);
  }

  /** The connection is no more, by whoever's doing. */
  gone(code: number): void {
    if (this.#phase === 'closed') return;
    const closeCode = this.#phase === 'closing' ? this.#closeCode : code;
    this.#phase = 'closed';
    this.#timer?.cancel();
    this.#frames = [];
    const handler = this.#handler;
    this.#handler = undefined;
    handler?.closed(closeCode);
    this.#shared.onGone(this);
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#shared.scheduler.schedule(this);
  }

  #write(): void {
    const pending = this.#outbox.take();
    if (pending === undefined || this.#phase !== 'open') return;
    const frames = this.#frames;
    this.#frames = [];
    this.#line.write(frames, pending.bytes);
    if (this.#line.bytesInSocket === 0) return;
    this.#outbox.block(frames.length);
    // Whoever reads this slowly gets no live stream.
    this.#timer ??= this.#shared.clock.after(outboxAgeMaxMs, () => this.close(4431));
  }
}
