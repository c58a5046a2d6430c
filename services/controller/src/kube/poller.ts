import { background, type Clock, type FailureSink, type Result, type Timer } from '@kittiwake/base';

/** What a poller is made of: often until there is a value, seldom after that. `undefined` means "not there yet". */
export type PollerParts<T> = {
  readonly clock: Clock;
  readonly read: () => Promise<Result<T | undefined, string>>;
  readonly periods: { readonly untilFoundMs: number; readonly afterwardsMs: number };
  readonly isSame: (a: T, b: T) => boolean;
  readonly onChange: (value: T) => void;
  readonly onError: (message: string) => void;
  readonly onFailure: FailureSink;
};

/** Keeps a copy of one small thing of the cluster that changes a few times a year: a watch would cost more than it gives. */
export class Poller<T> {
  readonly #parts: PollerParts<T>;
  #value: T | undefined;
  #timer: Timer | undefined;
  #isRunning = false;
  #isReading = false;

  constructor(parts: PollerParts<T>) {
    this.#parts = parts;
  }

  /** The last value that was read; a failed read keeps it. */
  get value(): T | undefined {
    return this.#value;
  }

  start(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.refresh();
  }

  stop(): void {
    this.#isRunning = false;
    this.#timer?.cancel();
  }

  /** Reads now rather than at the next turn. */
  refresh(): void {
    if (!this.#isRunning || this.#isReading) return;
    this.#timer?.cancel();
    this.#isReading = true;
    background(this.#read(), 'poll', this.#parts.onFailure);
  }

  async #read(): Promise<void> {
    const { clock, read, periods, isSame, onChange, onError } = this.#parts;
    const result = await read();
    this.#isReading = false;
    if (!this.#isRunning) return;
    if (!result.ok) onError(result.error);
    else if (
      result.value !== undefined &&
      (this.#value === undefined || !isSame(this.#value, result.value))
    ) {
      this.#value = result.value;
      onChange(result.value);
    }
    this.#timer = clock.after(this.#value === undefined ? periods.untilFoundMs : periods.afterwardsMs, () =>
      this.refresh(),
    );
  }
}
