import { AssertionError } from '@kittiwake/base';
import type { SessionDeps } from './session-deps.ts';

/** Catches what may not be thrown in one session: it is counted and logged, and ends that session only (ADR-0001, SPEC X6). */
export class BugGuard {
  readonly #deps: Pick<SessionDeps, 'metrics' | 'log'>;
  readonly #onBug: () => void;

  constructor(deps: Pick<SessionDeps, 'metrics' | 'log'>, onBug: () => void) {
    this.#deps = deps;
    this.#onBug = onBug;
  }

  run(work: () => void): void {
    try {
      work();
    } catch (reason) {
      this.caught(reason);
    }
  }

  caught(reason: unknown): void {
    this.#deps.metrics.count('kittiwake_assertion_failures_total', 1, { room: 'session' });
    const event = reason instanceof AssertionError ? 'session.assertion_failed' : 'session.unexpected_error';
    this.#deps.log.error(event, {
      reason: reason instanceof Error ? (reason.stack ?? reason.message) : 'unknown',
    });
    this.#onBug();
  }
}
