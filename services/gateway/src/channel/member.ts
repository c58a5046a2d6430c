import type { Format, ServerMessage, SessionId, UserId } from '@kittiwake/protocol';
import type { OutboundFrame } from '../protocol/outbound-frame.ts';

/** A message on its way to many members: encoded at most once for each format. */
export type Broadcast = { readonly message: ServerMessage; frame(format: Format): OutboundFrame };

/** What a channel knows of a session that is in it. */
export type Member = {
  readonly id: SessionId;
  readonly user: UserId;
  /** Whether it may be told who else is here. */
  readonly seesPresence: boolean;
  /** Hands the message on; never throws. A member that cannot take it is closed by its own session. */
  deliver(message: Broadcast): void;
};
