import { ok } from '../../base/src/result.ts';
import { type Decoder, guarded, integer, text } from './decode.ts';
import {
  type ChannelName,
  type EventName,
  isChannelName,
  isEventName,
  REF_MAX,
  type Ref,
  type SessionId,
  type UserId,
} from './ids.ts';
import type { Json } from './json.ts';
import { LIMITS } from './limits.ts';

/** Decoders of the fields that many messages share. */

export const ref: Decoder<Ref> = integer({ min: 1, max: REF_MAX });
export const channel: Decoder<ChannelName> = guarded(isChannelName, 'a channel name');
export const event: Decoder<EventName> = guarded(isEventName, 'an event name');
export const schemaVersion: Decoder<number> = integer({ min: 1, max: 65_535 });
export const token: Decoder<string> = text({ bytesMax: LIMITS.tokenBytesMax });
export const key: Decoder<string> = text({
  bytesMax: LIMITS.idempotencyKeyBytesMax,
  pattern: /^[\x21-\x7e]+$/,
});
export const sessionId = text({ bytesMax: 64, pattern: /^[A-Za-z0-9_-]+$/ }) as Decoder<SessionId>;
export const userId = text({ bytesMax: 256 }) as Decoder<UserId>;
export const gatewayId: Decoder<string> = text({ bytesMax: 256 });
export const epochMillis: Decoder<number> = integer({ min: 0 });
export const durationMillis: Decoder<number> = integer({ min: 0, max: 86_400_000 });
/** What is left of a token: it may live for longer than anybody waits. */
export const lifetimeMillis: Decoder<number> = integer({ min: 0 });

/** W3C Trace Context, level 1: `00-<trace id>-<parent id>-<flags>`. */
export const traceparent: Decoder<string> = text({
  bytesMax: 55,
  pattern: /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/,
});

/** Any JSON value; the codec has bounded its depth and width already. */
export const json: Decoder<Json> = value => ok(value as Json);
