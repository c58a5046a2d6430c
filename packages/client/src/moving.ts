import type { ServerMessage } from '@kittiwake/protocol';
import type { Connection } from './connection/connection.ts';
import { type Destinations, routeFormer } from './message-router.ts';

/** What a client does while its session moves from one gateway to another, so that nothing is interrupted (SPEC K18). */
export class Moving {
  readonly #to: Destinations;
  readonly #connection: Pick<Connection, 'former'>;

  constructor(to: Destinations, connection: Pick<Connection, 'former'>) {
    this.#to = to;
    this.#connection = connection;
  }

  /** Another gateway has taken the session in: channels are joined there, and what was asked here is waited for. */
  moved(): void {
    const { wire, publisher, channels } = this.#to;
    wire.moved();
    publisher.moved();
    for (const channel of channels.values()) channel.handle({ type: 'moved' });
    this.look();
  }

  receivedFormer(message: ServerMessage): void {
    routeFormer(message, this.#to);
    this.look();
  }

  /** The connection before the move is gone. */
  departed(): void {
    this.#to.wire.departed();
    this.#to.publisher.departed();
  }

  /** Leaves the gateway before once nothing more is expected of it. */
  look(): void {
    const { former } = this.#connection;
    if (!former.stands) return;
    const { wire, publisher, channels } = this.#to;
    if (wire.former > 0 || publisher.former > 0) return;
    for (const { membership } of channels.values()) if (membership.isMoving) return;
    former.leave();
  }
}
