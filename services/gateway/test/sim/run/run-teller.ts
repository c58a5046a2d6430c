import type { Clock, Millis } from '@kittiwake/base';
import { progressLine, summary } from './progress.ts';
import { type RecordedRun, writeRun } from './recorded-run.ts';
import type { Tally } from './tally.ts';

const SAY_EVERY_MS = 1_000;
/** As much is lost where a run is ended by force. */
const WRITE_EVERY_MS = 30_000;

/** Tells what a run comes to while it lasts: a line of progress, each finding at once, and its report. */
export class RunTeller {
  readonly #run: RecordedRun;
  readonly #deps: { readonly clock: Clock; readonly report: string | undefined };
  readonly #startedMs: Millis;
  #saidMs: Millis;
  #writtenMs: Millis;
  #saidFindings = 0;

  constructor(run: RecordedRun, deps: { readonly clock: Clock; readonly report: string | undefined }) {
    this.#run = run;
    this.#deps = deps;
    this.#startedMs = deps.clock.monotonicMs();
    this.#saidMs = this.#startedMs;
    this.#writtenMs = this.#startedMs;
  }

  /** All seeds so far came to this. */
  hear(tally: Tally): void {
    for (const { seed, invariant, message } of tally.findings.slice(this.#saidFindings))
      console.error(`seed ${seed} broke ${invariant}: ${message}`);
    this.#saidFindings = tally.findings.length;
    const nowMs = this.#deps.clock.monotonicMs();
    if (nowMs - this.#saidMs >= SAY_EVERY_MS) {
      this.#saidMs = nowMs;
      console.error(progressLine(tally, this.#run.asked.count, this.#elapsedMs(nowMs)));
    }
    if (nowMs - this.#writtenMs < WRITE_EVERY_MS) return;
    this.#writtenMs = nowMs;
    this.#write(tally, nowMs);
  }

  /** The run is over; returns what it came to, in a few lines. */
  end(tally: Tally): string {
    const nowMs = this.#deps.clock.monotonicMs();
    this.#write(tally, nowMs);
    return summary(tally, this.#elapsedMs(nowMs));
  }

  /** Of all sittings together. */
  #elapsedMs(nowMs: Millis): Millis {
    return this.#run.elapsedMs + nowMs - this.#startedMs;
  }

  #write(tally: Tally, nowMs: Millis): void {
    const { report } = this.#deps;
    if (report !== undefined) writeRun(report, { ...this.#run, tally, elapsedMs: this.#elapsedMs(nowMs) });
  }
}
