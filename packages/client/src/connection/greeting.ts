import { assert } from '@kittiwake/base';
import { type Connect, PROTOCOL_VERSION, type Ref, type SessionId } from '@kittiwake/protocol';
import type { ConnectionState } from './connection-state.ts';

/** Makes the `connect` messages of one client. */
export class Greeting {
  readonly #deps: { readonly clientName: string; readonly nextRef: () => Ref };
  /** Connects that were made, so that a gateway which gets one of them late can tell (SPEC S6). */
  #attempt = 0;

  constructor(deps: { readonly clientName: string; readonly nextRef: () => Ref }) {
    this.#deps = deps;
  }

  /** To go on at another gateway, while the connection to this one stands. */
  elsewhere(state: ConnectionState): Connect {
    assert(state.phase === 'connected', 'a session moves while it is connected');
    const { keepsake, link } = state;
    assert(keepsake.token !== undefined, 'a session that is connected has a token');
    return this.connect(keepsake.token, link.session, link.gateway);
  }

  /** To begin or continue a session; `from` is the gateway that it moves from (SPEC S10). */
  connect(token: string, session: SessionId | undefined, from?: string): Connect {
    this.#attempt += 1;
    return {
      type: 'connect',
      ref: this.#deps.nextRef(),
      protocol: PROTOCOL_VERSION,
      token,
      client: this.#deps.clientName,
      ...(session === undefined ? {} : { session, attempt: this.#attempt }),
      ...(from === undefined ? {} : { from }),
    };
  }
}
