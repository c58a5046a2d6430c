import { type Decoder, literal, object } from '../decode.ts';
import { channel, durationMillis, event, json, ref } from '../fields.ts';
import type { ChannelName, EventName, Ref } from '../ids.ts';
import type { Json } from '../json.ts';

/** Asks for something and waits for the one answer, a `response` or an `error` (SPEC Q1). */
export type Request = {
  readonly type: 'request';
  readonly ref: Ref;
  /** What is asked: `kittiwake:history:list`, `kittiwake:presence:list`, `kittiwake:time:get`, or one that the channel's responder knows. */
  readonly event: EventName;
  readonly channel?: ChannelName;
  readonly data: Json;
  /** How long the asker waits; the gateway stops no later. */
  readonly timeoutMs?: number;
};

export const request: Decoder<Request> = object(
  { type: literal('request'), ref, event, data: json },
  { channel, timeoutMs: durationMillis },
);
