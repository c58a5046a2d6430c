import { type Clock, err, type Result } from '@kittiwake/base';
import type {
  AckLevel,
  ChannelName,
  EventName,
  Json,
  Producer,
  SessionId,
  UserId,
} from '@kittiwake/protocol';
import type { Broker, PublishOutcome } from '../broker/broker.ts';
import type { ChannelRule, Rate } from '../config/channel-rule.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Failure } from '../protocol/error-message.ts';

/** A publish that was permitted, from a session or a backend. */
export type Publishing = {
  readonly channel: ChannelName;
  readonly rule: ChannelRule;
  readonly event: EventName;
  readonly version: number;
  readonly data: Json;
  readonly ack: AckLevel;
  readonly key?: string | undefined;
  readonly producer?: Producer | undefined;
  readonly user?: UserId | undefined;
  readonly member?: SessionId | undefined;
  readonly traceparent?: string | undefined;
};

/** Follows a publication through the system; the trace context goes with it (W3C Trace Context). */
export type PublishTracer = {
  publishSpan(publishing: Pick<Publishing, 'channel' | 'event' | 'traceparent'>): {
    readonly traceparent: string | undefined;
    end(result: string): void;
  };
};

/** What publishing needs. */
export type PublisherDeps = {
  readonly broker: Pick<Broker, 'publish'>;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly tracer: PublishTracer;
  /** Whether the channel has room for one more; its members' and backends' publishes together (SPEC L2). */
  readonly admit: (
    channel: ChannelName,
    rate: Rate,
  ) => { readonly allowed: true } | { readonly allowed: false; readonly retryAfterMs: number };
};

/** Checks publications and hands them to the broker: rate, then schema, then one write (SPEC P1–P4, P8–P10). */
export class Publisher {
  readonly #deps: PublisherDeps;

  constructor(deps: PublisherDeps) {
    this.#deps = deps;
  }

  /** Publishes; the answer comes once the level that was asked for is reached. Never throws. */
  async publish(publishing: Publishing): Promise<Result<PublishOutcome, Failure>> {
    const refused = this.admit(publishing);
    return refused === undefined ? this.store(publishing) : err(refused);
  }

  /** Why the publication is not taken, if so: the rate of the channel, then the schema of the event. */
  admit(publishing: Publishing): Failure | undefined {
    const refused = this.#refusal(publishing);
    if (refused !== undefined) this.#count(publishing, 'rejected');
    return refused;
  }

  /** Hands an admitted publication to the broker. */
  async store(publishing: Publishing): Promise<Result<PublishOutcome, Failure>> {
    const startedMs = this.#deps.clock.monotonicMs();
    const span = this.#deps.tracer.publishSpan(publishing);
    const published = await this.#deps.broker.publish({
      channel: publishing.channel,
      entry: this.#entry(publishing, span.traceparent),
      ack: publishing.ack,
      ...(publishing.key === undefined ? {} : { key: publishing.key }),
      ...(publishing.producer === undefined ? {} : { producer: publishing.producer }),
      idempotencyMs: publishing.rule.idempotencyMs,
      visibility: publishing.rule.visibility,
      history: publishing.rule.history,
    });
    const result = resultOf(published);
    span.end(result);
    this.#count(publishing, result);
    this.#deps.metrics.observe(
      'kittiwake_publish_duration_seconds',
      (this.#deps.clock.monotonicMs() - startedMs) / 1_000,
      { level: levelAskedFor(publishing) },
    );
    return published;
  }

  #refusal({ channel, rule, event, version, data }: Publishing): Failure | undefined {
    const admitted = this.#deps.admit(channel, rule.rate);
    if (!admitted.allowed) {
      return {
        kind: 'rate_limited',
        message: 'the channel is at its rate',
        retryAfterMs: admitted.retryAfterMs,
      };
    }
    const checked = rule.check(event, version, data);
    if (checked.ok) return undefined;
    return { kind: 'schema_violation', message: checked.error.problem, path: checked.error.path };
  }

  #entry({ event, version, data, user, member }: Publishing, traceparent: string | undefined) {
    return {
      event,
      version,
      data,
      atMs: this.#deps.clock.nowMs(),
      ...(user === undefined ? {} : { user }),
      ...(member === undefined ? {} : { member }),
      ...(traceparent === undefined ? {} : { traceparent }),
    };
  }

  #count(publishing: Publishing, result: string): void {
    const level = levelAskedFor(publishing);
    this.#deps.metrics.count('kittiwake_publications_total', 1, { level, result });
  }
}

/** A channel that shows only what is replicated waits for that, whatever was asked for (SPEC C11). */
function levelAskedFor({ ack, rule }: Publishing): AckLevel {
  return rule.visibility === 'replicated' && ack !== 'received' ? 'replicated' : ack;
}

function resultOf(published: Result<PublishOutcome, Failure>): string {
  if (published.ok) return published.value.duplicate ? 'duplicate' : 'acked';
  switch (published.error.kind) {
    case 'unknown_outcome':
      return 'unknown';
    // What the producer did, not what the broker failed to do.
    case 'fenced':
    case 'sequence_gap':
      return published.error.kind;
    default:
      return 'failed';
  }
}
