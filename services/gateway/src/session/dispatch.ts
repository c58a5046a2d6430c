import { assertNever } from '@kittiwake/base';
import type { ClientMessage } from '@kittiwake/protocol';
import { handleJoin } from './handlers/join.ts';
import { handleLeave } from './handlers/leave.ts';
import { handlePresenceSet } from './handlers/presence-set.ts';
import { handlePublish } from './handlers/publish.ts';
import { handleRequest } from './handlers/request.ts';
import type { RequestContext } from './request-context.ts';

/** What a connected session may ask; `connect`, `refresh` and the pings are the session's own. */
export type SessionRequest = Exclude<ClientMessage, { type: 'connect' | 'refresh' | 'ping' | 'pong' }>;

/** Hands a request to its handler. It is started in this turn: publishes of one session reach the broker in their order. */
export function dispatch(context: RequestContext, message: SessionRequest): Promise<void> {
  switch (message.type) {
    case 'join':
      return handleJoin(context, message);
    case 'leave':
      return handleLeave(context, message);
    case 'publish':
      return handlePublish(context, message);
    case 'request':
      return handleRequest(context, message);
    case 'presence-set':
      return handlePresenceSet(context, message);
    default:
      return assertNever(message);
  }
}
