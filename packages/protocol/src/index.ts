export type { ClientMessage } from './client-message.ts';
export { CLOSE_CODES, type CloseCode, type CloseReason, retryAfterClose } from './close-codes.ts';
export type { Codec, CodecFailure, WireData } from './codec.ts';
export { CHAIN_LINKS_MAX, type ChainLink, type EpochChain, epochAt, extendChain } from './epoch-chain.ts';
export { ERROR_KINDS, type ErrorKind } from './error-kinds.ts';
export {
  type ChannelName,
  type EventName,
  type GatewayId,
  isChannelName,
  isEventName,
  REF_MAX,
  type Ref,
  type SessionId,
  type UserId,
} from './ids.ts';
export type { Json } from './json.ts';
export { jsonCodec } from './json-codec.ts';
export { LIMITS } from './limits.ts';
export type { Ack } from './messages/ack.ts';
export type { Connect } from './messages/connect.ts';
export type { Connected } from './messages/connected.ts';
export type { ErrorMessage } from './messages/error.ts';
export { GOAWAY_REASONS, type Goaway, type GoawayReason } from './messages/goaway.ts';
export type { Join } from './messages/join.ts';
export type { Joined } from './messages/joined.ts';
export type { Leave } from './messages/leave.ts';
export type { Left } from './messages/left.ts';
export type { Ping } from './messages/ping.ts';
export { type Pong, pongTo } from './messages/pong.ts';
export type { PresenceDiff } from './messages/presence-diff.ts';
export type { PresenceSet } from './messages/presence-set.ts';
export type { PresenceSync } from './messages/presence-sync.ts';
export type { Publication } from './messages/publication.ts';
export { ACK_LEVELS, type AckLevel, type Publish } from './messages/publish.ts';
export type { Refresh } from './messages/refresh.ts';
export type { Refreshed } from './messages/refreshed.ts';
export type { Request } from './messages/request.ts';
export type { Response } from './messages/response.ts';
export type { Truncated } from './messages/truncated.ts';
export { parseJson } from './parse-json.ts';
export type { Position } from './position.ts';
export type { PresenceEntry } from './presence-entry.ts';
export type { Producer } from './producer.ts';
export type { Resume, ResumeOutcome } from './resume.ts';
export { RETRIES, type Retry } from './retry.ts';
export type { ServerMessage } from './server-message.ts';
export { utf8Length } from './utf8-length.ts';
export {
  ENDPOINT_PATH,
  type Format,
  PROTOCOL_VERSION,
  RESUME_SUBPROTOCOL,
  SUBPROTOCOL,
  TELL_SUBPROTOCOL,
  TOKEN_SUBPROTOCOL_PREFIX,
} from './version.ts';
