import { type Clock, ok, type Result } from '@kittiwake/base';
import { type ApplyError, NOT_LEADING } from '../reconcile/apply.ts';
import type { DecisionLog } from './decision-log.ts';
import { decisionsOf, type StatusReport } from './status-report.ts';

/** What writing the status calls. */
export type StatusPorts = {
  holdsLease(): boolean;
  report(): StatusReport;
  /** The text that is stored; empty where none is. */
  read(): Promise<Result<string, ApplyError>>;
  write(text: string): Promise<Result<void, ApplyError>>;
};

/** What the writer is made of; `leader` is the name of this pod. */
export type StatusWriterParts = {
  readonly clock: Clock;
  readonly ports: StatusPorts;
  readonly log: DecisionLog;
  readonly leader: string;
};

/** [R33] Time between two writes at least: each goes to everybody who watches, and into the store. */
const PERIOD_MS = 5_000;

/** Writes the status when it changed. */
export class StatusWriter {
  readonly #parts: StatusWriterParts;
  #written = '';
  #writtenAtMs = Number.NEGATIVE_INFINITY;
  #hasCarriedOn = false;

  constructor(parts: StatusWriterParts) {
    this.#parts = parts;
  }

  /** Another leader may have written meanwhile. */
  forget(): void {
    this.#written = '';
    this.#hasCarriedOn = false;
  }

  /** Writes, unless nothing changed or it is too early; the next round of scrapes comes back to it. */
  async run(): Promise<Result<void, ApplyError>> {
    const { clock, ports, log, leader } = this.#parts;
    if (clock.monotonicMs() - this.#writtenAtMs < PERIOD_MS) return ok();
    if (!this.#hasCarriedOn) {
      const earlier = await ports.read();
      if (!earlier.ok) return earlier;
      log.carryOn(decisionsOf(earlier.value));
      this.#hasCarriedOn = true;
    }
    const report = ports.report();
    const text = JSON.stringify(report);
    if (text === this.#written) return ok();
    if (!ports.holdsLease()) return NOT_LEADING;
    const written = await ports.write(
      JSON.stringify({ writtenAt: new Date(clock.nowMs()).toISOString(), leader, ...report }),
    );
    if (!written.ok) return written;
    this.#written = text;
    this.#writtenAtMs = clock.monotonicMs();
    return ok();
  }
}
