import { ACK_LEVELS } from '@kittiwake/protocol';
import Type from 'typebox';
import { PATTERN_LENGTH_MAX } from './channel-pattern.ts';
import { type Access, VISIBILITIES } from './channel-rule.ts';
import { JWKS_ALGORITHMS, LOG_LEVELS } from './gateway-config.ts';
import { DURATION_PATTERN, SIZE_PATTERN } from './units.ts';

/** The configuration file as JSON Schema: what is checked at start and what editors complete. Unknown keys are refused (F2). */

const ACCESS = ['token', 'everyone', 'nobody'] as const satisfies readonly Access[];

const closed = { additionalProperties: false };
const duration = (description: string) =>
  Type.String({ pattern: DURATION_PATTERN, description: `${description} Like 250ms, 20s, 5m, 1h.` });
const size = (description: string) =>
  Type.String({ pattern: SIZE_PATTERN, description: `${description} Like 512B, 64KiB, 1MiB.` });
const count = (description: string, maximum: number) => Type.Integer({ minimum: 1, maximum, description });
const port = (description: string) => Type.Integer({ minimum: 0, maximum: 65_535, description });
const name = (description: string) => Type.String({ minLength: 1, maxLength: 256, description });
const access = (description: string) => Type.Enum(ACCESS, { description });

const rate = (description: string) =>
  Type.Object(
    {
      perSecond: Type.Number({
        exclusiveMinimum: 0,
        maximum: 1_000_000,
        description: 'Refill of the bucket.',
      }),
      burst: count('Size of the bucket.', 1_000_000),
    },
    { ...closed, description },
  );

const channel = Type.Object(
  {
    pattern: Type.String({
      minLength: 1,
      maxLength: PATTERN_LENGTH_MAX,
      description: 'Channels like chat:*, game-*, feed:**. The first pattern that matches counts.',
    }),
    history: Type.Optional(
      Type.Partial(
        Type.Object({
          size: Type.Integer({
            minimum: 0,
            maximum: 100_000,
            description: 'Publications kept; 0 keeps none.',
          }),
          age: duration('How long they are kept.'),
        }),
        closed,
      ),
    ),
    presence: Type.Optional(Type.Boolean({ description: 'Whether members are shown.' })),
    conflate: Type.Optional(
      Type.Boolean({
        description:
          'Whether only the newest publication of each event matters to members that read slowly; what is left out is told.',
      }),
    ),
    ack: Type.Optional(Type.Enum([...ACK_LEVELS], { description: 'Level of a publish that asks for none.' })),
    idempotency: Type.Optional(
      duration('How long idempotency keys, and the states of producers, are remembered.'),
    ),
    visibility: Type.Optional(
      Type.Enum([...VISIBILITIES], {
        description:
          'When publications are shown: stored, or replicated, once a replica holds them (needs replicas and a history).',
      }),
    ),
    access: Type.Optional(
      Type.Partial(
        Type.Object({
          join: access('Who may join.'),
          publish: access('Who may publish.'),
          presence: access('Who may see and show presence.'),
          history: access('Who may read history.'),
        }),
        closed,
      ),
    ),
    rate: Type.Optional(rate('Publications of all members on one gateway together.')),
    responder: Type.Optional(
      Type.Object(
        {
          url: Type.String({ maxLength: 2_048, description: 'http(s) address that answers requests.' }),
          timeout: Type.Optional(duration('How long it may take.')),
        },
        closed,
      ),
    ),
    strict: Type.Optional(Type.Boolean({ description: 'Whether events without a schema are refused.' })),
    schemas: Type.Optional(
      Type.Record(Type.String(), Type.Unknown(), {
        description: 'JSON Schema of each event and version: chat:message:send@1.',
        maxProperties: 256,
      }),
    ),
  },
  closed,
);

const broker = Type.Object(
  {
    kind: Type.Enum(['memory', 'redis', 'sentinel'], {
      description: 'Passwords come from the secrets directory.',
    }),
    url: Type.Optional(
      Type.String({ maxLength: 2_048, description: 'redis:// or rediss:// address (kind redis).' }),
    ),
    sentinels: Type.Optional(
      Type.Array(Type.String({ maxLength: 300, description: 'host:port' }), { minItems: 1, maxItems: 16 }),
    ),
    master: Type.Optional(name('Name of the group that the Sentinels watch.')),
    username: Type.Optional(name('ACL user at Redis.')),
    sentinelUsername: Type.Optional(name('ACL user at the Sentinels.')),
  },
  closed,
);

const limits = Type.Object({
  connections: count('Open connections of one gateway.', 1_000_000),
  connectionsPerAddress: count('Open connections from one address.', 1_000_000),
  channelsPerSession: count('Channels that one session may be in.', 10_000),
  sessionsPerUser: count('Sessions of one user on one gateway.', 1_000_000),
  sessionRate: rate('Messages of one session.'),
  rateWarnings: Type.Integer({
    minimum: 0,
    maximum: 10_000,
    description: 'Warnings before a session is disconnected.',
  }),
  outbox: size('Bytes that may wait for one peer that does not read.'),
  connectTimeout: duration('How long a peer may live without connect.'),
});

const admission = Type.Object({
  perSecond: count('New connections per second of a gateway that is well.', 100_000),
  floorPerSecond: count('The least that it comes down to under pressure.', 100_000),
  burst: Type.Integer({
    minimum: 10,
    maximum: 100_000,
    description: 'New connections at once, at most half of perSecond.',
  }),
  retryAfterMax: duration('The longest time that a refused client is told to stay away.'),
});

const drain = Type.Object({
  readinessDelay: duration('Between "not ready" and the first goaway.'),
  hold: duration('How long sessions are kept, at most, until the controller releases the drain.'),
  window: duration('Over which sessions are asked to leave.'),
  ratePerSecond: count('Sessions asked to leave per second.', 100_000),
  grace: duration('From SIGTERM to SIGKILL.'),
});

const auth = Type.Object({
  issuer: name('`iss` of every token.'),
  audience: name('`aud` of every token.'),
  leeway: duration('Allowed difference of clocks.'),
  maxTokenLifetime: duration('Longest time from `iat` to `exp`.'),
  jwks: Type.Object(
    {
      url: Type.String({ maxLength: 2_048, description: 'Address of the key set.' }),
      algorithms: Type.Array(Type.Enum([...JWKS_ALGORITHMS]), { minItems: 1, uniqueItems: true }),
    },
    closed,
  ),
});

/** The whole file. */
export const CONFIG_SCHEMA = Type.Partial(
  Type.Object({
    $schema: Type.String({ description: 'Address of this schema, for editors.' }),
    gatewayId: Type.String({
      pattern: '^[A-Za-z0-9_.-]{1,128}$',
      description: 'Name of this gateway; KITTIWAKE_GATEWAY_ID goes before it.',
    }),
    ports: Type.Partial(
      Type.Object({
        clients: port('Clients.'),
        api: port('HTTP API for backends.'),
        operations: port('Probes and metrics.'),
      }),
      closed,
    ),
    origins: Type.Array(Type.String({ minLength: 1, maxLength: 300 }), {
      maxItems: 256,
      description: 'Origins that browsers may connect from; "*" for all.',
    }),
    trustedProxies: Type.Array(Type.String({ maxLength: 64 }), {
      maxItems: 256,
      description: 'Addresses or CIDRs whose X-Forwarded-For is believed.',
    }),
    limits: Type.Partial(limits, closed),
    admission: Type.Partial(admission, closed),
    heartbeat: Type.Partial(
      Type.Object({ interval: duration('Silence before a ping.'), timeout: duration('Time for the pong.') }),
      closed,
    ),
    drain: Type.Partial(drain, closed),
    auth: Type.Partial(auth, closed),
    broker,
    telemetry: Type.Partial(
      Type.Object({ otlpEndpoint: Type.String({ maxLength: 2_048 }), logLevel: Type.Enum([...LOG_LEVELS]) }),
      closed,
    ),
    channels: Type.Array(channel, {
      minItems: 1,
      maxItems: 1_000,
      description: 'How channels behave, by pattern.',
    }),
  }),
  { ...closed, title: 'Kittiwake gateway', $schema: 'https://json-schema.org/draft/2020-12/schema' },
);

/** A file that fits the schema. */
export type ConfigFile = Type.Static<typeof CONFIG_SCHEMA>;

/** One entry of `channels`. */
export type ChannelEntry = Type.Static<typeof channel>;
