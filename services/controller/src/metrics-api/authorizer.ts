import { type Clock, type Result, SingleFlight } from '@kittiwake/base';
import type { Caller } from './front-proxy.ts';

/** What is asked of the cluster's authorisation: a resource of our group, or a path. */
export type AccessRequest =
  | {
      readonly kind: 'resource';
      readonly version: string;
      readonly namespace: string;
      readonly resource: string;
      readonly subresource: string;
      readonly name: string;
    }
  | { readonly kind: 'path'; readonly path: string };

/** Asks the API server (SubjectAccessReview); an error means that it could not be asked. */
export type AccessReviewer = (caller: Caller, request: AccessRequest) => Promise<Result<boolean, string>>;

/** May, may not, or cannot be known now. */
export type Verdict = 'allowed' | 'denied' | 'unknown';

const AGE_MAX_MS = 10_000;
const ENTRIES_MAX = 1_000;

/** Remembers the cluster's verdicts for a moment. [R16] Unknown is not allowed, and is not remembered. */
export class Authorizer {
  readonly #review: AccessReviewer;
  readonly #clock: Clock;
  readonly #verdicts = new Map<string, { readonly isAllowed: boolean; readonly atMs: number }>();
  readonly #running = new SingleFlight<string, Verdict>();

  constructor(review: AccessReviewer, clock: Clock) {
    this.#review = review;
    this.#clock = clock;
  }

  /** How many verdicts are remembered; never more than 1,000. */
  get size(): number {
    return this.#verdicts.size;
  }

  async decide(caller: Caller, request: AccessRequest): Promise<Verdict> {
    // As in every aggregated API server, system:masters is not asked about: it is who checks availability while RBAC may be down.
    if (caller.groups.includes('system:masters')) return 'allowed';
    const key = JSON.stringify([caller.user, caller.groups, caller.extra, request]);
    const known = this.#verdicts.get(key);
    if (known !== undefined && this.#clock.monotonicMs() - known.atMs < AGE_MAX_MS)
      return known.isAllowed ? 'allowed' : 'denied';
    return this.#running.run(key, () => this.#ask(key, caller, request));
  }

  async #ask(key: string, caller: Caller, request: AccessRequest): Promise<Verdict> {
    const answer = await this.#review(caller, request);
    if (!answer.ok) return 'unknown';
    this.#verdicts.delete(key);
    // The oldest go first: a Map remembers the order of insertion.
    for (const oldest of this.#verdicts.keys()) {
      if (this.#verdicts.size < ENTRIES_MAX) break;
      this.#verdicts.delete(oldest);
    }
    this.#verdicts.set(key, { isAllowed: answer.value, atMs: this.#clock.monotonicMs() });
    return answer.value ? 'allowed' : 'denied';
  }
}
