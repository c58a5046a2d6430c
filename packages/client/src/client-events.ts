import type { Goaway } from '@kittiwake/protocol';
import type { ConnectionStatus } from './connection/status.ts';
import type { Failure } from './failure.ts';
import type { Settled } from './publish/publish-events.ts';

/** What a client tells its listeners. */
export type ClientEvents = {
  status: ConnectionStatus;
  /** The gateway asks to move; the client does so by itself. */
  goaway: Goaway;
  /** A publish has ended for which nobody waits any more. */
  settled: Settled;
  /** Something was refused that nobody waits for, the token callback failed, or the store of publishes did. */
  error: Failure;
};

/** Options of one request. */
export type RequestOptions = { readonly channel?: string; readonly timeoutMs?: number };
