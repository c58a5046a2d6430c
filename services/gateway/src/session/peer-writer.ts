import type { ServerMessage } from '@kittiwake/protocol';
import type { Metrics } from '../metrics/metrics.ts';
import { encodeFrame } from '../protocol/encode.ts';
import { errorMessage, type Failure } from '../protocol/error-message.ts';
import type { OutboundFrame } from '../protocol/outbound-frame.ts';
import type { Peer } from './peer.ts';
import type { About } from './request-context.ts';

/** Writes messages to one peer, and says so when the peer does not read (SPEC X2, X3). */
export class PeerWriter {
  readonly #peer: Peer;
  readonly #metrics: Metrics;
  readonly #onOverflow: () => void;

  constructor(peer: Peer, metrics: Metrics, onOverflow: () => void) {
    this.#peer = peer;
    this.#metrics = metrics;
    this.#onOverflow = onOverflow;
  }

  send(message: ServerMessage): void {
    this.write(encodeFrame(this.#peer.format, message));
  }

  /** Answers a failure with an `error` message, and counts it by kind. */
  fail(failure: Failure, about: About): void {
    this.#metrics.count('kittiwake_errors_total', 1, { kind: failure.kind });
    this.send(errorMessage(failure, about));
  }

  write(frame: OutboundFrame): void {
    if (this.#peer.send(frame) === 'overflow') this.#onOverflow();
  }
}
