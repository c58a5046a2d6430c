/** One thing that was decided, for people. */
export type LoggedDecision = { readonly at: string; readonly reason: string; readonly note: string };

/** Decisions that are kept. */
export const DECISIONS_MAX = 20;

/** The last decisions, newest first. */
export class DecisionLog {
  #decisions: readonly LoggedDecision[] = [];

  get decisions(): readonly LoggedDecision[] {
    return this.#decisions;
  }

  add(decision: LoggedDecision): void {
    this.#decisions = [decision, ...this.#decisions].slice(0, DECISIONS_MAX);
  }

  /** Puts what an earlier leader decided behind what this one did; what is there already is not repeated. */
  carryOn(earlier: readonly LoggedDecision[]): void {
    const known = new Set(this.#decisions.map(toKey));
    const others = earlier.filter(decision => !known.has(toKey(decision)));
    this.#decisions = [...this.#decisions, ...others].slice(0, DECISIONS_MAX);
  }
}

function toKey({ at, reason, note }: LoggedDecision): string {
  return `${at} ${reason} ${note}`;
}
