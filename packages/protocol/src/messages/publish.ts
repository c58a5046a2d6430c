import { type Decoder, literal, object, oneOf } from '../decode.ts';
import { channel, event, json, key, ref, schemaVersion, traceparent } from '../fields.ts';
import type { ChannelName, EventName, Ref } from '../ids.ts';
import type { Json } from '../json.ts';
import { type Producer, producer } from '../producer.ts';

/** How far a publication must have come before it is acknowledged (SPEC P2), weakest first. */
export const ACK_LEVELS = ['received', 'primary', 'replicated'] as const;
export type AckLevel = (typeof ACK_LEVELS)[number];

/** Publishes one event in a channel. */
export type Publish = {
  readonly type: 'publish';
  /** Absent: fire and forget; only a refusal is answered, without a `ref`. */
  readonly ref?: Ref;
  readonly channel: ChannelName;
  readonly event: EventName;
  /** Schema version of the data; 1 where absent. */
  readonly version?: number;
  readonly data: Json;
  /** Level asked for; the channel's default where absent. */
  readonly ack?: AckLevel;
  /** Idempotency key: the same key in the same channel is stored once while it is remembered (SPEC P3). */
  readonly key?: string;
  /** Numbered publishes of one producer: stored once each, and in their order (SPEC P8). Counts instead of `key`. */
  readonly producer?: Producer;
  readonly traceparent?: string;
};

export const publish: Decoder<Publish> = object(
  { type: literal('publish'), channel, event, data: json },
  { ref, version: schemaVersion, ack: oneOf(ACK_LEVELS), key, producer, traceparent },
);
