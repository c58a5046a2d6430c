import type { ClientMessage, ServerMessage } from '../src/index.ts';
import { jsonCodec } from '../src/index.ts';

/** A message, who sends it, and what is special about it. */
export type Sample =
  | { readonly name: string; readonly from: 'client'; readonly message: ClientMessage }
  | { readonly name: string; readonly from: 'server'; readonly message: ServerMessage };

const POSITION = { offset: 7, epoch: 'e3b0c44298fc1c149afbf4c8996fb924' };
const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const ALICE = { member: 's-1', user: 'alice', data: { status: 'typing' } };
const DATA = {
  text: 'Grüße, 世界 👋',
  n: [0, -1, 127, 128, 65_536, 1.5, 1_795_000_000_000],
  deep: { yes: true, no: null },
};
const CONNECTED = {
  session: 's-1',
  user: 'alice',
  gateway: 'gateway-0',
  expiresInMs: 3_600_000,
  pingIntervalMs: 25_000,
  pingTimeoutMs: 10_000,
  messageBytesMax: 65_536,
};

const FROM_CLIENT: { readonly [name: string]: object } = {
  connect: {
    type: 'connect',
    ref: 1,
    protocol: 1,
    token: 'header.payload.signature',
    session: 's-1',
    client: 'kittiwake-js/0.1.0',
  },
  'connect.attempt': {
    type: 'connect',
    ref: 1,
    protocol: 1,
    token: 'header.payload.signature',
    session: 's-1',
    attempt: 2,
  },
  'connect.from': {
    type: 'connect',
    ref: 1,
    protocol: 1,
    token: 'header.payload.signature',
    session: 's-1',
    attempt: 3,
    from: 'gateway-0',
  },
  'connect.token-in-handshake': { type: 'connect', ref: 1, protocol: 1 },
  refresh: { type: 'refresh', ref: 2, token: 'header.payload.signature' },
  join: { type: 'join', ref: 3, channel: 'chat:42', position: POSITION, presence: { status: 'here' } },
  'join.fresh': { type: 'join', ref: 2_147_483_647, channel: 'chat:42' },
  'join.chain': {
    type: 'join',
    ref: 3,
    channel: 'chat:42',
    position: POSITION,
    chain: [
      { epoch: 'before', start: 1 },
      { epoch: POSITION.epoch, start: 5 },
    ],
  },
  leave: { type: 'leave', ref: 4, channel: 'chat:42' },
  publish: {
    type: 'publish',
    ref: 5,
    channel: 'chat:42',
    event: 'chat:message:send',
    version: 2,
    data: DATA,
    ack: 'replicated',
    key: '01J9ZB3',
    traceparent: TRACEPARENT,
  },
  'publish.producer': {
    type: 'publish',
    ref: 5,
    channel: 'chat:42',
    event: 'chat:message:send',
    data: null,
    key: 'orders-1/3/17',
    producer: { id: 'orders-1', epoch: 3, sequence: 17 },
  },
  'publish.producer.follows': {
    type: 'publish',
    ref: 5,
    channel: 'chat:42',
    event: 'chat:message:send',
    data: null,
    key: 'orders-1/3/17',
    producer: { id: 'orders-1', epoch: 3, sequence: 17, follows: 14 },
  },
  'publish.fire-and-forget': { type: 'publish', channel: 'chat:42', event: 'typing', data: null },
  request: {
    type: 'request',
    ref: 6,
    event: 'kittiwake:history:list',
    channel: 'chat:42',
    data: { limit: 10 },
    timeoutMs: 5_000,
  },
  'presence-set': { type: 'presence-set', ref: 7, channel: 'chat:42', data: { status: 'away' } },
  'presence-set.off': { type: 'presence-set', ref: 8, channel: 'chat:42', data: null },
  'ping.client': { type: 'ping', ref: 9 },
  'pong.client': { type: 'pong' },
};

const FROM_SERVER: { readonly [name: string]: object } = {
  connected: { type: 'connected', ref: 1, ...CONNECTED },
  refreshed: { type: 'refreshed', ref: 2, expiresInMs: 604_800_000 },
  'joined.fresh': {
    type: 'joined',
    ref: 3,
    channel: 'chat:42',
    position: { offset: 0, epoch: '0' },
    resume: { outcome: 'fresh' },
  },
  'joined.recovered': {
    type: 'joined',
    ref: 3,
    channel: 'chat:42',
    position: POSITION,
    resume: { outcome: 'recovered' },
  },
  'joined.truncated': {
    type: 'joined',
    ref: 3,
    channel: 'chat:42',
    position: POSITION,
    resume: { outcome: 'truncated', divergedAt: 5 },
  },
  'joined.trimmed': {
    type: 'joined',
    ref: 3,
    channel: 'chat:42',
    position: POSITION,
    resume: { outcome: 'trimmed', firstOffset: 4 },
  },
  'joined.unknown': {
    type: 'joined',
    ref: 3,
    channel: 'chat:42',
    position: POSITION,
    resume: { outcome: 'unknown' },
  },
  left: { type: 'left', ref: 4, channel: 'chat:42' },
  ack: { type: 'ack', ref: 5, channel: 'chat:42', level: 'replicated', position: POSITION, duplicate: true },
  'ack.received': { type: 'ack', ref: 5, channel: 'chat:42', level: 'received' },
  response: { type: 'response', ref: 6, data: DATA },
  'presence-sync': { type: 'presence-sync', channel: 'chat:42', members: [ALICE] },
  'presence-diff': { type: 'presence-diff', channel: 'chat:42', set: [ALICE], left: ['s-2'] },
  publication: {
    type: 'publication',
    channel: 'chat:42',
    event: 'chat:message:send',
    version: 2,
    data: DATA,
    position: POSITION,
    atMs: 1_795_000_000_123,
    user: 'alice',
    member: 's-1',
    traceparent: TRACEPARENT,
  },
  'publication.of-backend': {
    type: 'publication',
    channel: 'news',
    event: 'news:item:add',
    version: 1,
    data: [],
    position: POSITION,
    atMs: 0,
  },
  truncated: {
    type: 'truncated',
    channel: 'chat:42',
    position: POSITION,
    resume: { outcome: 'truncated', divergedAt: 5 },
  },
  error: {
    type: 'error',
    ref: 5,
    channel: 'chat:42',
    kind: 'rate_limited',
    message: 'Too many.',
    retry: 'backoff',
    retryAfterMs: 250,
    path: 'data.text',
  },
  'error.sequence-gap': {
    type: 'error',
    ref: 5,
    channel: 'chat:42',
    kind: 'sequence_gap',
    message: 'Something is missing.',
    retry: 'now',
    expectedSequence: 12,
    rememberedMs: 600_000,
  },
  'error.without-ref': {
    type: 'error',
    kind: 'malformed',
    message: 'The message is not JSON.',
    retry: 'never',
  },
  goaway: { type: 'goaway', reconnectAfterMs: 1_500, reason: 'drain' },
  'ping.server': { type: 'ping' },
  'pong.server': { type: 'pong', ref: 9 },
};

/** At least one of every message, and of every variant of its optional parts that matters. */
export const SAMPLES: readonly Sample[] = [
  ...Object.entries(FROM_CLIENT).map(([name, message]) => fromClient(name, message)),
  ...Object.entries(FROM_SERVER).map(([name, message]) => fromServer(name, message)),
];

/** The decoder gives a sample its type, and so proves that it is one. Fields stand in the order of the decoder. */
function fromClient(name: string, message: object): Sample {
  const decoded = jsonCodec.decodeClient(JSON.stringify(message));
  if (!decoded.ok) throw new Error(refused(name, decoded.error.message));
  return { name, from: 'client', message: decoded.value };
}

function fromServer(name: string, message: object): Sample {
  const decoded = jsonCodec.decodeServer(JSON.stringify(message));
  if (!decoded.ok) throw new Error(refused(name, decoded.error.message));
  return { name, from: 'server', message: decoded.value };
}

function refused(name: string, why: string): string {
  return `sample ${name}: ${why} The wire changed: test/wire-lock.test.ts says what to do.`;
}
