import { type Clock, deferred, type Millis, ok, type Result, type Timer } from '@kittiwake/base';
import type { ChannelName, Json } from '@kittiwake/protocol';
import type { Wire } from '../connection/wire.ts';
import type { Failure } from '../failure.ts';

/** What showing needs. */
export type ShowingDeps = {
  readonly name: ChannelName;
  readonly wire: Wire;
  readonly clock: Clock;
  readonly isJoined: () => boolean;
};

/** How long after a refusal what was asked for while a join was on its way is shown again, unless the gateway says. */
const AGAIN_MS: Millis = 1_000;

/** What a member shows of itself: carried by each join, or told by a message of its own (SPEC E1). */
export class Showing {
  readonly #deps: ShowingDeps;
  #shown: Json | undefined;
  /** What the gateway was asked last to show. */
  #told: Json | undefined;
  /** A join asked last, which is not told whether that is shown. */
  #isCarried = false;
  #again: Timer | undefined;

  constructor(deps: ShowingDeps, shown: Json | undefined) {
    this.#deps = deps;
    this.#shown = shown;
  }

  /** For the join that is sent now; `undefined` where nothing is shown. */
  carried(): Json | undefined {
    this.#told = this.#shown;
    this.#isCarried = true;
    return this.#shown;
  }

  /** Shows `data` from now on: at once, or with the next join; `null` takes the member off the list. */
  show(data: Json): Promise<Result<void, Failure>> {
    this.#shown = data;
    if (!this.#deps.isJoined()) return Promise.resolve(ok());
    this.#told = data;
    this.#isCarried = false;
    const { promise, resolve } = deferred<Result<void, Failure>>();
    const { wire, name: channel } = this.#deps;
    wire.ask(
      ref => ({ type: 'presence-set', ref, channel, data }),
      answer => resolve(answer.ok ? ok() : answer),
    );
    return promise;
  }

  /** The join was answered. What is shown may have been changed while it, which carried what was before, was on its way. */
  joined(): void {
    if (this.#shown !== undefined && this.#shown !== this.#told) this.#insist(this.#shown);
  }

  /** Something in the channel was refused, and nobody says what: it may be what the join carried. */
  refused({ kind, retryAfterMs }: Failure): void {
    const isMeant = kind === 'broker_unavailable' || kind === 'unknown_outcome';
    if (isMeant && this.#isCarried && this.#shown !== undefined) this.#later(this.#shown, retryAfterMs);
  }

  /** The next join carries it. */
  left(): void {
    this.#again?.cancel();
  }

  /** Until it is shown: whoever asked for it was told that it will be. */
  #insist(data: Json): void {
    void this.show(data).then(shown => {
      if (shown.ok || shown.error.retry === 'never' || !this.#deps.isJoined()) return;
      this.#later(data, shown.error.retryAfterMs);
    });
  }

  #later(data: Json, afterMs: Millis = AGAIN_MS): void {
    this.#again?.cancel();
    this.#again = this.#deps.clock.after(afterMs, () => {
      if (this.#shown === data) this.#insist(data);
    });
  }
}
