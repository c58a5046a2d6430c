import { fetchToken, type TokenOutcome, type TokenSource } from './token-source.ts';

/** Fetches one token at a time. */
export class TokenFetch {
  readonly #source: TokenSource;
  readonly #fetched: (outcome: TokenOutcome) => void;
  /** Counts fetches: what an earlier one gives is not heard. */
  #generation = 0;

  constructor(source: TokenSource, fetched: (outcome: TokenOutcome) => void) {
    this.#source = source;
    this.#fetched = fetched;
  }

  begin(): void {
    this.#generation += 1;
    const generation = this.#generation;
    // A slow callback may answer after the phase that asked has timed out, or in the middle of the next attempt:
    //   fetch 1 ──────────────────────✗ (generation has moved on)
    //        timeout ▶ waiting ▶ fetch 2 ───▶ token
    void fetchToken(this.#source).then(outcome => {
      if (generation === this.#generation) this.#fetched(outcome);
    });
  }

  /** What is being fetched is not wanted any more. */
  forget(): void {
    this.#generation += 1;
  }
}
