import { type Decoder, tagged } from './decode.ts';
import { type Ack, ack } from './messages/ack.ts';
import { type Connected, connected } from './messages/connected.ts';
import { type ErrorMessage, error } from './messages/error.ts';
import { type Goaway, goaway } from './messages/goaway.ts';
import { type Joined, joined } from './messages/joined.ts';
import { type Left, left } from './messages/left.ts';
import { type Ping, ping } from './messages/ping.ts';
import { type Pong, pong } from './messages/pong.ts';
import { type PresenceDiff, presenceDiff } from './messages/presence-diff.ts';
import { type PresenceSync, presenceSync } from './messages/presence-sync.ts';
import { type Publication, publication } from './messages/publication.ts';
import { type Refreshed, refreshed } from './messages/refreshed.ts';
import { type Response, response } from './messages/response.ts';
import { type Truncated, truncated } from './messages/truncated.ts';

/** Everything that a gateway may send. */
export type ServerMessage =
  | Connected
  | Refreshed
  | Joined
  | Left
  | Ack
  | Response
  | PresenceSync
  | PresenceDiff
  | Publication
  | Truncated
  | ErrorMessage
  | Goaway
  | Ping
  | Pong;

export const serverMessage: Decoder<ServerMessage> = tagged('type', {
  connected,
  refreshed,
  joined,
  left,
  ack,
  response,
  'presence-sync': presenceSync,
  'presence-diff': presenceDiff,
  publication,
  truncated,
  error,
  goaway,
  ping,
  pong,
});
