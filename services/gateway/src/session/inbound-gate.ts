import type { Clock } from '@kittiwake/base';
import type { ClientMessage, CloseCode, Format, WireData } from '@kittiwake/protocol';
import { NO_VIOLATIONS, violate } from '../limits/violation-policy.ts';
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
  /** Messages within a minute that cannot be read before the connection is closed; before `connect` there is no credit. */
  readonly malformedMax: number;
};

const MALFORMED_WINDOW_MS = 60_000;

/** Decodes what a peer sends and holds it to its limits, before anything else looks at it (SPEC M1, L1, L3). */
export class InboundGate {
  readonly #deps: InboundGateDeps;
  #malformed = NO_VIOLATIONS;

  constructor(deps: InboundGateDeps) {
    this.#deps = deps;
  }

  admit(data: WireData, connected: boolean): Admission {
    const { metrics, format } = this.#deps;
    const decoded = decodeInbound(format, data);
    if (!decoded.ok) return this.#unreadable(decoded.error, connected);
    const message = decoded.value;
    metrics.count('kittiwake_messages_received_total', 1, { type: message.type });
    // A pong answers our own ping: it costs the client nothing.
    if (message.type === 'pong') return { verdict: 'pass', message };
    const about = 'ref' in message && message.ref !== undefined ? { ref: message.ref } : {};
    return this.#limited(about) ?? { verdict: 'pass', message };
  }

  #unreadable(failure: Failure & { readonly ref?: number }, connected: boolean): Admission {
    const about = failure.ref === undefined ? {} : { ref: failure.ref };
    // A type that only a newer client knows is no offence, and costs what any message costs (SPEC M3).
    if (connected && failure.kind === 'unknown_type')
      return this.#limited(about) ?? { verdict: 'refuse', failure, about };
    const policy = { warningsMax: this.#deps.malformedMax, windowMs: MALFORMED_WINDOW_MS };
    const judged = violate(this.#malformed, policy, this.#deps.clock.monotonicMs());
    this.#malformed = judged.violations;
    const close = !connected || judged.verdict === 'disconnect';
    return { verdict: 'refuse', failure, about, ...(close ? { close: 4400 } : {}) };
  }

  /** The refusal of one message more, where it is one too many (SPEC L1, L3). */
  #limited(about: About): Admission | undefined {
    const limited = this.#deps.limit(this.#deps.clock.monotonicMs());
    if (limited.verdict === 'allow') return undefined;
    this.#deps.metrics.count('kittiwake_rate_limited_total', 1, {
      scope: 'session',
      verdict: limited.verdict,
    });
    const failure = { kind: 'rate_limited', message: 'more messages than this session may send' } as const;
    if (limited.verdict === 'disconnect') return { verdict: 'refuse', failure, about, close: 4429 };
    return { verdict: 'refuse', failure: { ...failure, retryAfterMs: limited.retryAfterMs }, about };
  }
}
