import { assert, err, ok, type Result } from '@kittiwake/base';
import {
  type AckLevel,
  type ChannelName,
  isChannelName,
  isEventName,
  type Json,
  LIMITS,
  type Producer,
  type SessionId,
  type UserId,
} from '@kittiwake/protocol';
import Type from 'typebox';
import * as schemas from './api-schemas.ts';
import type { BackendFailure, BackendPublish } from './backend-port.ts';
import { broadcast } from './broadcast.ts';
import { type CallContext, type Operation, operation } from './operation.ts';

/** What is left of a message for its data; the rest holds names, position and trace context. */
export const DATA_BYTES_MAX = LIMITS.messageBytesMax - 2_048;

type MessageBody = {
  readonly event: string;
  readonly data: unknown;
  readonly version?: number;
  readonly ack?: AckLevel;
  readonly producer?: Producer;
};

const publish = operation({
  id: 'publish',
  method: 'post',
  path: '/v1/publish',
  summary: 'Publish an event in a channel',
  description:
    'Rates and schemas of the channel apply; its access rules do not. The same Idempotency-Key is stored once, and so is the same number of a producer.',
  request: schemas.PUBLISH_REQUEST,
  response: schemas.PUBLISH_RESPONSE,
  status: 200,
  errors: [
    'unknown_channel',
    'rate_limited',
    'broker_unavailable',
    'unknown_outcome',
    'fenced',
    'sequence_gap',
  ],
  idempotent: true,
  async run(body, context) {
    const refused = refuseData(body.data);
    if (refused !== undefined) return err(refused);
    return context.port.publish(toCommand(body.channel, body, context));
  },
});

const broadcastOperation = operation({
  id: 'broadcast',
  method: 'post',
  path: '/v1/broadcast',
  summary: 'Publish the same event in many channels',
  description:
    'Each channel has its own result; one that fails stops no other. The Idempotency-Key counts in each channel.',
  request: schemas.BROADCAST_REQUEST,
  response: schemas.BROADCAST_RESPONSE,
  status: 200,
  errors: [],
  idempotent: true,
  async run(body, context) {
    const refused = refuseData(body.data);
    if (refused !== undefined) return err(refused);
    const commands = body.channels.map(channel => toCommand(channel, body, context));
    return ok({ results: [...(await broadcast(commands, command => context.port.publish(command)))] });
  },
});

const presence = operation({
  id: 'presence',
  method: 'post',
  path: '/v1/presence',
  summary: 'Who is in a channel',
  description: 'The members of the channel on all gateways, and what they show of themselves.',
  request: schemas.PRESENCE_REQUEST,
  response: schemas.PRESENCE_RESPONSE,
  status: 200,
  errors: ['unknown_channel', 'presence_off', 'broker_unavailable'],
  idempotent: false,
  async run({ channel }, { port }) {
    return mapped(await port.presence(toChannel(channel)), members => ({ members: [...members] }));
  },
});

const history = operation({
  id: 'history',
  method: 'post',
  path: '/v1/history',
  summary: 'The newest publications of a channel',
  description: 'Oldest first, and the position where the channel stands.',
  request: schemas.HISTORY_REQUEST,
  response: schemas.HISTORY_RESPONSE,
  status: 200,
  errors: ['unknown_channel', 'history_off', 'broker_unavailable'],
  idempotent: false,
  async run({ channel, limit = 100 }, { port }) {
    const page = await port.history(toChannel(channel), limit);
    return mapped(page, ({ position, publications }) => ({ position, publications: [...publications] }));
  },
});

const disconnect = operation({
  id: 'disconnect',
  method: 'post',
  path: '/v1/disconnect',
  summary: 'Disconnect a user, or one session',
  description:
    'Sessions are closed with 4410, after which clients do not come back by themselves. Tokens stay valid.',
  request: schemas.DISCONNECT_REQUEST,
  response: schemas.DISCONNECT_RESPONSE,
  status: 202,
  errors: ['broker_unavailable'],
  idempotent: false,
  async run({ user, session }, { port }) {
    const target = user === undefined ? { session: session as SessionId } : { user: user as UserId };
    return mapped(await port.disconnect(target), () => ({}));
  },
});

const info = operation({
  id: 'info',
  method: 'get',
  path: '/v1/info',
  summary: 'The gateways of the cluster',
  description: 'What each gateway last announced about itself.',
  request: Type.Object({}),
  response: schemas.INFO_RESPONSE,
  status: 200,
  errors: ['broker_unavailable'],
  idempotent: false,
  async run(_body, { port }) {
    return mapped(await port.gateways(), gateways => ({ gateways: [...gateways] }));
  },
});

/** Everything that the API does. */
export const OPERATIONS: readonly Operation[] = [
  publish,
  broadcastOperation,
  presence,
  history,
  disconnect,
  info,
];

function toCommand(channel: string, body: MessageBody, { key, traceparent }: CallContext): BackendPublish {
  const { event, version = 1, ack, producer } = body;
  assert(isEventName(event), 'an event name was checked by the schema');
  return {
    channel: toChannel(channel),
    event,
    version,
    data: body.data as Json,
    ...(ack !== undefined && { ack }),
    ...(key !== undefined && { key }),
    ...(producer !== undefined && { producer }),
    ...(traceparent !== undefined && { traceparent }),
  };
}

function toChannel(text: string): ChannelName {
  assert(isChannelName(text), 'a channel name was checked by the schema');
  return text;
}

function refuseData(data: unknown): BackendFailure | undefined {
  if (Buffer.byteLength(JSON.stringify(data)) <= DATA_BYTES_MAX) return undefined;
  return {
    kind: 'message_too_large',
    message: `The data is larger than ${DATA_BYTES_MAX} bytes.`,
    path: 'data',
  };
}

function mapped<T, U>(result: Result<T, BackendFailure>, map: (value: T) => U): Result<U, BackendFailure> {
  return result.ok ? ok(map(result.value)) : result;
}
