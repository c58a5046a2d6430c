import { ACK_LEVELS, ERROR_KINDS, LIMITS, RETRIES } from '@kittiwake/protocol';
import Type from 'typebox';

/** What goes in and out of the HTTP API: checked at run time, and shown in the OpenAPI document (H4). */

/** Channels of one broadcast. */
export const BROADCAST_CHANNELS_MAX = 1_000;
/** Publications of one history answer. */
export const HISTORY_LIMIT_MAX = 1_000;

const closed = { additionalProperties: false };
const CHANNEL = '^[A-Za-z0-9_.@-]+(:[A-Za-z0-9_.@-]+)*$';
const EVENT = '^[A-Za-z0-9_-]+(:[A-Za-z0-9_-]+){0,3}$';

const channel = Type.String({
  pattern: CHANNEL,
  maxLength: LIMITS.channelNameBytesMax,
  description: 'Name of a channel.',
  examples: ['chat:42'],
});
const user = Type.String({ minLength: 1, maxLength: 256, description: 'A user: the `sub` of its tokens.' });
const session = Type.String({
  pattern: '^[A-Za-z0-9_-]+$',
  maxLength: 64,
  description: 'Id of a session, which is also its member id.',
});
const ack = Type.Enum([...ACK_LEVELS], {
  description: 'How far it must have come; the default of the channel where absent.',
});
const data = Type.Unknown({
  description: 'Any JSON, within the limits of a message and the schema of its event and version.',
});
const schemaVersion = Type.Integer({
  minimum: 1,
  maximum: 65_535,
  description: 'Schema version of the data; 1 where absent.',
});
const event = Type.String({
  pattern: EVENT,
  maxLength: LIMITS.eventNameBytesMax,
  description: 'Name of the event.',
  examples: ['chat:message:send'],
});

const position = Type.Object(
  { offset: Type.Integer({ minimum: 0 }), epoch: Type.String() },
  { description: "Where in the channel's history it stands." },
);

const producer = Type.Object(
  {
    id: Type.String({ pattern: '^[A-Za-z0-9_.-]+$', maxLength: 64, examples: ['orders-1'] }),
    epoch: Type.Integer({
      minimum: 0,
      maximum: Number.MAX_SAFE_INTEGER,
      description: 'A higher one is the next life of the producer, and fences those before.',
    }),
    sequence: Type.Integer({
      minimum: 1,
      maximum: Number.MAX_SAFE_INTEGER,
      description:
        'Number of the publish in its channel and epoch. A number belongs to one publish for ever.',
    }),
    follows: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: Number.MAX_SAFE_INTEGER,
        description:
          'The number that was stored before this one, 0 for none. Absent: the one before it, and any number begins an epoch.',
      }),
    ),
  },
  {
    ...closed,
    description:
      'Who publishes, and the number of the publish: stored once, and in order. Counts instead of the Idempotency-Key.',
  },
);

const message = { event, data, version: Type.Optional(schemaVersion), ack: Type.Optional(ack) };

const publication = Type.Object({
  type: Type.Literal('publication'),
  channel,
  event,
  version: schemaVersion,
  data,
  position,
  atMs: Type.Integer({ description: 'When it was accepted, milliseconds since 1970.' }),
  user: Type.Optional(user),
  member: Type.Optional(session),
  traceparent: Type.Optional(Type.String()),
});

const gateway = Type.Object({
  gateway: Type.String(),
  version: Type.String(),
  connections: Type.Integer(),
  sessions: Type.Integer(),
  channels: Type.Integer(),
  draining: Type.Boolean(),
  startedAtMs: Type.Integer(),
  heardAgoMs: Type.Optional(
    Type.Integer({ description: 'How long ago something that it published came back to it.' }),
  ),
});

const published = Type.Object({
  level: Type.Enum([...ACK_LEVELS], { description: 'The level that was reached.' }),
  position: Type.Optional(position),
  duplicate: Type.Boolean({ description: 'The key or the number was known; nothing was stored now.' }),
});

/** The body of every answer that is not a success. */
export const ERROR_SCHEMA = Type.Object({
  kind: Type.Enum(Object.keys(ERROR_KINDS), { description: 'Stable name of the error.' }),
  message: Type.String({ description: 'For people.' }),
  retry: Type.Enum([...RETRIES], { description: 'What to do next.' }),
  retryAfterMs: Type.Optional(Type.Integer({ minimum: 0 })),
  path: Type.Optional(Type.String({ description: 'Where in the request, or in the data, the problem is.' })),
  expectedSequence: Type.Optional(
    Type.Integer({
      minimum: 1,
      description: 'With sequence_gap: the number after the last one of the producer that is stored.',
    }),
  ),
  rememberedMs: Type.Optional(
    Type.Integer({
      minimum: 0,
      description: 'With sequence_gap: for how long the channel remembers a producer.',
    }),
  ),
});

export const PUBLISH_REQUEST = Type.Object(
  { channel, ...message, producer: Type.Optional(producer) },
  closed,
);
export const PUBLISH_RESPONSE = published;

export const BROADCAST_REQUEST = Type.Object(
  {
    channels: Type.Array(channel, { minItems: 1, maxItems: BROADCAST_CHANNELS_MAX, uniqueItems: true }),
    ...message,
  },
  closed,
);
export const BROADCAST_RESPONSE = Type.Object({
  results: Type.Array(
    Type.Object({ channel, published: Type.Optional(published), error: Type.Optional(ERROR_SCHEMA) }),
    {
      description: 'In the order of the request; each has either `published` or `error`.',
    },
  ),
});

export const PRESENCE_REQUEST = Type.Object({ channel }, closed);
export const PRESENCE_RESPONSE = Type.Object({
  members: Type.Array(Type.Object({ member: session, user, data })),
});

export const HISTORY_REQUEST = Type.Object(
  {
    channel,
    limit: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: HISTORY_LIMIT_MAX,
        description: 'The newest so many; 100 where absent.',
      }),
    ),
  },
  closed,
);
export const HISTORY_RESPONSE = Type.Object({
  position,
  publications: Type.Array(publication, { description: 'Oldest first.' }),
});

export const DISCONNECT_REQUEST = Type.Object(
  { user: Type.Optional(user), session: Type.Optional(session) },
  { ...closed, minProperties: 1, maxProperties: 1, description: 'Either a user or a session.' },
);
export const DISCONNECT_RESPONSE = Type.Object({}, { description: 'Every gateway was told.' });

export const INFO_RESPONSE = Type.Object({ gateways: Type.Array(gateway) });
