/** Where a promise that nobody awaits reports its failure: every promise is awaited, returned, or handed over here. */

/** Takes a failure of the work called `name`. */
export type FailureSink = (name: string, reason: unknown) => void;

/** Runs `work` without waiting; a failure goes to `onFailure` instead of becoming an unhandled rejection. */
export function background(work: Promise<unknown>, name: string, onFailure: FailureSink): void {
  work.catch((reason: unknown) => onFailure(name, reason));
}
