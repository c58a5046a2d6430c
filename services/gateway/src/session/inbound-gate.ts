import type { Clock } from '@kittiwake/base';
import type { ClientMessage, CloseCode, Format, WireData } from '@kittiwake/protocol';
import type { Metrics } from '../metrics/metrics.ts';
import type { Failure } from '../protocol/error-message.ts';
import { decodeInbound } from '../protocol/inbound.ts';
import type { About } from './request-context.ts';
import type { LimitVerdict } from './session-deps.ts';

/** What becomes of something that arrived: a message that may pass, or a refusal that may end the connection. */
export type Admission =
  | { readonly verdict: 'pass'; readonly message: ClientMessage }
  | {
      readonly verdict: 'refuse';
      readonly failure: Failure;
      readonly about: About;
      readonly close?: CloseCode;
    };

/** What the gate needs. */
export type InboundGateDeps = {
  readonly format: Format;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly limit: (nowMs: number) => LimitVerdict;
  /** Messages that cannot be read before the connection is closed; before `connect` there is no credit. */
  readonly malformedMax: number;
};

/** Decodes what a peer sends and holds it to its limits, before anything else looks at it (SPEC M1, L1, L3). */
export class InboundGate {
  readonly #deps: InboundGateDeps;
  #malformed = 0;

  constructor(deps: InboundGateDeps) {
    this.#deps = deps;
  }

  admit(data: WireData, connected: boolean): Admission {
    const { metrics, format } = this.#deps;
    const decoded = decodeInbound(format, data);
    if (!decoded.ok) return this.#malformedMessage(decoded.error, connected);
    metrics.count('kittiwake_messages_received_total', 1, { type: decoded.value.type });
    return this.#limited(decoded.value);
  }

  #malformedMessage(failure: Failure & { readonly ref?: number }, connected: boolean): Admission {
    this.#malformed += 1;
    const about = failure.ref === undefined ? {} : { ref: failure.ref };
    const spent = !connected || this.#malformed > this.#deps.malformedMax;
    return { verdict: 'refuse', failure, about, ...(spent ? { close: 4400 } : {}) };
  }

  #limited(message: ClientMessage): Admission {
    // A pong answers our own ping: it costs the client nothing.
    if (message.type === 'pong') return { verdict: 'pass', message };
    const limited = this.#deps.limit(this.#deps.clock.monotonicMs());
    if (limited.verdict === 'allow') return { verdict: 'pass', message };
    this.#deps.metrics.count('kittiwake_rate_limited_total', 1, {
      scope: 'session',
      verdict: limited.verdict,
    });
    const about = 'ref' in message && message.ref !== undefined ? { ref: message.ref } : {};
    const failure = { kind: 'rate_limited', message: 'more messages than this session may send' } as const;
    if (limited.verdict === 'disconnect') return { verdict: 'refuse', failure, about, close: 4429 };
    return { verdict: 'refuse', failure: { ...failure, retryAfterMs: limited.retryAfterMs }, about };
  }
}
