import { type Decoder, tagged } from './decode.ts';
import { type Connect, connect } from './messages/connect.ts';
import { type Join, join } from './messages/join.ts';
import { type Leave, leave } from './messages/leave.ts';
import { type Ping, ping } from './messages/ping.ts';
import { type Pong, pong } from './messages/pong.ts';
import { type PresenceSet, presenceSet } from './messages/presence-set.ts';
import { type Publish, publish } from './messages/publish.ts';
import { type Refresh, refresh } from './messages/refresh.ts';
import { type Request, request } from './messages/request.ts';

/** Everything that a client may send. */
export type ClientMessage = Connect | Refresh | Join | Leave | Publish | Request | PresenceSet | Ping | Pong;

export const clientMessage: Decoder<ClientMessage> = tagged('type', {
  connect,
  refresh,
  join,
  leave,
  publish,
  request,
  'presence-set': presenceSet,
  ping,
  pong,
});
