import type { Clock } from '@kittiwake/base';
import type { AnyEvents, Channel } from '@kittiwake/client';

/** How long to wait before showing again what was refused. */
const AGAIN_MS = 700;

/** What one process shows of itself in a channel; it insists where it is refused what it asks for. What joins carry is the SDK's. */
export class PresenceSheet {
  readonly #channel: Channel<AnyEvents>;
  readonly #clock: Clock;
  #shown: number;
  #insisting = false;

  /** Shows `shown` from the first join on. */
  constructor(channel: Channel<AnyEvents>, clock: Clock, shown: number) {
    this.#channel = channel;
    this.#clock = clock;
    this.#shown = shown;
  }

  /** What is shown, or about to be. */
  get shown(): number {
    return this.#shown;
  }

  show(shown: number): void {
    this.#shown = shown;
    void this.#channel.setPresence({ shown }).then(set => {
      if (!set.ok) this.#insist();
    });
  }

  #insist(): void {
    if (this.#insisting) return;
    this.#insisting = true;
    this.#clock.after(AGAIN_MS, () => {
      this.#insisting = false;
      this.show(this.#shown);
    });
  }
}
