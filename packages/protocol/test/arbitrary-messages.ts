import fc from 'fast-check';
import { isForbiddenKey } from '../src/forbidden-keys.ts';
import { ACK_LEVELS, ERROR_KINDS, GOAWAY_REASONS, type Json, REF_MAX, RETRIES } from '../src/index.ts';

const word = (
  alphabet: string,
  bounds: { readonly minLength: number; readonly maxLength: number },
): fc.Arbitrary<string> => fc.string({ unit: fc.constantFrom(...alphabet), ...bounds });
const ALNUM = 'abcXYZ019_-';

const ref = fc.integer({ min: 1, max: REF_MAX });
const channel = fc
  .array(word(`${ALNUM}.@`, { minLength: 1, maxLength: 20 }), { minLength: 1, maxLength: 4 })
  .map(parts => parts.join(':'));
const event = fc
  .array(word(ALNUM, { minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 4 })
  .map(parts => parts.join(':'));
const session = word(ALNUM, { minLength: 1, maxLength: 64 });
const user = fc.string({ unit: 'grapheme', maxLength: 20 });
const text = fc.string({ unit: 'grapheme', maxLength: 60 });
const token = word('abc.-_', { minLength: 1, maxLength: 200 });
const key = word('!a~:', { minLength: 1, maxLength: 128 });
const traceparent = fc.constant('00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01');
const millis = fc.integer({ min: 0, max: 86_400_000 });
const epochMillis = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
const lifetimeMillis = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
const schemaVersion = fc.integer({ min: 1, max: 65_535 });
const offset = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
const position = fc.record({ offset, epoch: session });
const chain = fc.array(fc.record({ epoch: session, start: offset }), { maxLength: 4 });
const producer = fc.record(
  {
    id: word('abcXYZ019_.-', { minLength: 1, maxLength: 64 }),
    epoch: offset,
    sequence: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
    follows: offset,
  },
  { requiredKeys: ['id', 'epoch', 'sequence'] },
);
const resume = fc.oneof(
  fc.record({ outcome: fc.constantFrom('fresh', 'recovered', 'unknown') }),
  fc.record({ outcome: fc.constant('truncated'), divergedAt: fc.integer({ min: 1 }) }),
  fc.record({ outcome: fc.constant('trimmed'), firstOffset: fc.integer({ min: 1 }) }),
);

/** Any value that may cross the wire, strings with all kinds of characters included. */
export const anyJson: fc.Arbitrary<Json> = fc
  .jsonValue({ stringUnit: 'grapheme', maxDepth: 4 })
  .map(value => sendable(value as Json));

const presenceEntry = fc.record({ member: session, user, data: anyJson });

/** A plain object whose `optional` fields may be absent. */
function message(type: string, required: Fields, optional: Fields = {}): fc.Arbitrary<object> {
  const fields: Fields = { ...required, ...optional };
  const requiredKeys = Object.keys(required);
  return fc.record(fields, { requiredKeys }).map(record => structuredClone({ type, ...record }));
}

type Fields = { readonly [name: string]: fc.Arbitrary<unknown> };

/** Any message of a client. */
export const anyClientMessage: fc.Arbitrary<object> = fc.oneof(
  message(
    'connect',
    { ref, protocol: schemaVersion },
    { token, session, attempt: ref, client: fc.string({ maxLength: 40 }) },
  ),
  message('refresh', { ref, token }),
  message('join', { ref, channel }, { position, chain, presence: anyJson }),
  message('leave', { ref, channel }),
  message(
    'publish',
    { channel, event, data: anyJson },
    { ref, version: schemaVersion, ack: fc.constantFrom(...ACK_LEVELS), key, producer, traceparent },
  ),
  message('request', { ref, event, data: anyJson }, { channel, timeoutMs: millis }),
  message('presence-set', { ref, channel, data: anyJson }),
  message('ping', {}, { ref }),
  message('pong', {}, { ref }),
);

/** Any message of a gateway. */
export const anyServerMessage: fc.Arbitrary<object> = fc.oneof(
  message('connected', {
    ref,
    session,
    user,
    gateway: text,
    expiresInMs: lifetimeMillis,
    pingIntervalMs: millis,
    pingTimeoutMs: millis,
    messageBytesMax: fc.integer({ min: 1 }),
  }),
  message('refreshed', { ref, expiresInMs: lifetimeMillis }),
  message('joined', { ref, channel, position, resume }),
  message('left', { ref, channel }),
  message(
    'ack',
    { ref, channel, level: fc.constantFrom(...ACK_LEVELS) },
    { position, duplicate: fc.boolean() },
  ),
  message('response', { ref, data: anyJson }),
  message('presence-sync', { channel, members: fc.array(presenceEntry, { maxLength: 5 }) }),
  message('presence-diff', {
    channel,
    set: fc.array(presenceEntry, { maxLength: 5 }),
    left: fc.array(session, { maxLength: 5 }),
  }),
  message(
    'publication',
    { channel, event, version: schemaVersion, data: anyJson, position, atMs: epochMillis },
    { user, member: session, traceparent },
  ),
  message('truncated', { channel, position, resume }),
  message(
    'error',
    { kind: fc.constantFrom(...Object.keys(ERROR_KINDS)), message: text, retry: fc.constantFrom(...RETRIES) },
    {
      ref,
      channel,
      retryAfterMs: millis,
      path: text,
      expectedSequence: fc.integer({ min: 1 }),
      rememberedMs: offset,
    },
  ),
  message('goaway', { reconnectAfterMs: millis, reason: fc.constantFrom(...GOAWAY_REASONS) }),
  message('ping', {}, { ref }),
  message('pong', {}, { ref }),
);

/** Without what does not cross the wire: forbidden keys, and the sign of zero, which JSON text does not keep. */
function sendable(value: Json): Json {
  if (value === 0) return 0;
  if (Array.isArray(value)) return value.map(sendable);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([name]) => !isForbiddenKey(name));
  return Object.fromEntries(entries.map(([name, inner]) => [name, sendable(inner)]));
}
