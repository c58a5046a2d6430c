import type { ClientMessage, Ref } from '@kittiwake/protocol';

/** The one refresh of a token that is on its way to the gateway (SPEC K4). */
export class Refreshing {
  readonly #nextRef: () => Ref;
  #sent: { readonly ref: Ref; readonly token: string } | undefined;

  constructor(nextRef: () => Ref) {
    this.#nextRef = nextRef;
  }

  /** The message that asks; its answer is awaited from here on, and that of an earlier one is not. */
  ask(token: string): ClientMessage {
    this.#sent = { ref: this.#nextRef(), token };
    return { type: 'refresh', ...this.#sent };
  }

  /** The token that was sent with this ref, once; `undefined` where the answer belongs to nothing that is awaited. */
  answered(ref: Ref): string | undefined {
    if (this.#sent?.ref !== ref) return undefined;
    const { token } = this.#sent;
    this.#sent = undefined;
    return token;
  }

  /** The connection that it was asked on is gone. */
  forget(): void {
    this.#sent = undefined;
  }
}
