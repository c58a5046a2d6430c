import type { Bytes, Millis, Timer } from '@kittiwake/base';
import type { Ack, ErrorMessage, Ref } from '@kittiwake/protocol';
import type { Failure } from '../failure.ts';
import { BacklogPace } from './backlog-pace.ts';
import { deadlineMs, type Entry, isDoubtful, isQueued } from './entry.ts';
import { EntryList } from './entry-list.ts';
import { EntryStages } from './entry-stages.ts';
import { type Gap, judge } from './judge.ts';
import { closed, expiry, isInDoubt, type PublishOutcome, refused } from './publish-outcome.ts';
import type { PublishQueueDeps } from './publish-queue-port.ts';
import { overflow } from './queue-bounds.ts';
import { Turns } from './turns.ts';

/** Publishes that are not settled: in order, bounded, sent again with the same key after a resume (SPEC K5, K6). */
export class PublishQueue {
  readonly #deps: PublishQueueDeps;
  readonly #pace: BacklogPace;
  /** What waits and what was sent, and how far each has come; only the queue changes them. */
  readonly entries = new EntryList();
  readonly stages = new EntryStages();
  #wake: Timer | undefined;

  constructor(deps: PublishQueueDeps) {
    this.#deps = deps;
    this.#pace = new BacklogPace(deps.random);
  }

  /** Makes room for one more, as the bounds say; why there is none, if so. */
  makeRoom(bytes: Bytes): Failure | undefined {
    for (;;) {
      const full = overflow(this.#deps.bounds, this.entries, bytes);
      if (full?.victim === undefined) return full?.failure;
      this.#giveUp(full.victim, full.failure);
    }
  }

  /** Takes an entry; it is sent once it is in the store, and as soon as may be. */
  add(entry: Entry): void {
    this.#insert(entry);
    if (this.#deps.keep !== undefined && !entry.kept) this.#keep(entry, this.#deps.keep);
    this.#begin(entry);
  }

  /** Gives an entry that is here already a new deadline: somebody waits for it anew. */
  extend(entry: Entry, giveUpAtMs: Millis): void {
    entry.giveUpAtMs = Math.max(entry.giveUpAtMs, giveUpAtMs);
    entry.told = false;
    this.#arm(entry);
  }

  /** Sends what waits and may be sent now, in order within each channel. */
  flush(): void {
    const turns = new Turns(this.stages.former);
    this.#pace.begin();
    for (const entry of this.stages.waiting.size === 0 ? [] : this.entries.values()) {
      if (entry.phase === 'sent' || (turns.mayGo(entry) && this.#goes(entry))) turns.underWay(entry);
      else {
        // Giving it a number may have sent it to the store first.
        entry.waited ||= isQueued(entry);
        turns.over(entry);
      }
    }
    this.#sleep();
  }

  /** What is sent from now on takes another way, and waits for what was sent before in its channel. */
  moved(): void {
    this.#pace.reset();
    this.stages.moved(this.entries.values());
  }

  /** The connection before the move is gone: what was not answered there waits again. */
  departed(): void {
    for (const entry of [...this.stages.former]) this.#requeue(entry, true);
    this.flush();
  }

  /** The connection is gone: what was not answered waits again. */
  lost(): void {
    this.#pace.reset();
    for (const entry of this.entries.values()) if (entry.phase === 'sent') this.#requeue(entry, true);
  }

  /** Takes an answer; false where it belongs to no publish. */
  answer(ref: Ref, message: Ack | ErrorMessage): boolean {
    const entry = this.entries.get(ref);
    if (entry === undefined) return false;
    const verdict = judge(entry, message);
    if (message.type === 'ack') this.#pace.answered();
    switch (verdict.verdict) {
      case 'settled':
        this.settle(entry, verdict.outcome, message.type === 'ack' ? message : undefined);
        break;
      case 'again':
        this.#pace.refused(verdict.failure, this.#deps.clock.monotonicMs());
        this.#requeue(entry, isInDoubt(verdict.failure));
        break;
      case 'gap':
        this.#gap(entry, verdict.gap);
        break;
      case 'fenced':
        this.#requeue(entry, false);
        if (entry.lane !== undefined) this.#deps.handler.fenced(entry.lane, verdict.failure);
        break;
    }
    this.flush();
    return true;
  }

  /** Takes an entry out, and tells how it ended. */
  settle(entry: Entry, outcome: PublishOutcome, ack?: Ack): void {
    this.#remove(entry);
    this.#deps.handler.settled(entry, outcome, ack);
    entry.tell(outcome);
  }

  /** Ends everything: what was sent, or is in the store, as `unknown`, the rest as `rejected`. */
  close(): void {
    const kept = this.#deps.keep !== undefined;
    const failure = closed(kept);
    for (const entry of this.entries.all()) {
      this.#remove(entry);
      if (!entry.told) entry.tell(refused(failure, entry.message.key, kept || isDoubtful(entry)));
    }
    this.#pace.reset();
    this.#wake?.cancel();
  }

  /** Where nothing can be sent in its channel, or nothing else waits, the others need not be looked at. */
  #begin(entry: Entry): void {
    if (isQueued(entry) && !this.#deps.ready(entry.message.channel)) entry.waited = true;
    else if (this.stages.waiting.size + this.stages.underway.size > 1 || entry.lane !== undefined)
      this.flush();
    else if (!this.#goes(entry)) entry.waited ||= isQueued(entry);
  }

  #insert(entry: Entry): void {
    this.entries.add(entry);
    this.stages.waits(entry);
    this.#arm(entry);
  }

  #keep(entry: Entry, keep: NonNullable<PublishQueueDeps['keep']>): void {
    entry.phase = 'keeping';
    this.#arm(entry);
    void keep(entry).then(kept => {
      // Settled meanwhile: given up, or the client was closed.
      if (!this.entries.has(entry)) return;
      if (!kept.ok) this.settle(entry, refused(kept.error, entry.message.key, entry.doubted || entry.kept));
      else {
        entry.phase = 'queued';
        entry.kept = true;
      }
      this.flush();
    });
  }

  /** Sends an entry whose turn it is, if that may be now. */
  #goes(entry: Entry): boolean {
    return entry.phase === 'queued' && this.#mayStart(entry) && this.#start(entry);
  }

  #mayStart({ message, waited }: Entry): boolean {
    if (!this.#deps.ready(message.channel)) return false;
    return !waited || this.#pace.mayGo(this.stages.underway.size, this.#deps.clock.monotonicMs());
  }

  #start(entry: Entry): boolean {
    const { clock, keep, number, send } = this.#deps;
    if (entry.lane !== undefined && entry.number === undefined) {
      number(entry);
      if (keep !== undefined) {
        this.#keep(entry, keep);
        return false;
      }
    }
    if (!send(entry.data)) return false;
    Object.assign(entry, { phase: 'sent', alone: false, acksBefore: entry.lane?.acks ?? 0 });
    this.stages.sent(entry);
    if (entry.waited) this.#pace.sent(clock.monotonicMs());
    this.#arm(entry);
    return true;
  }

  #requeue(entry: Entry, doubted: boolean): void {
    entry.phase = 'queued';
    entry.waited = true;
    entry.doubted ||= doubted;
    this.stages.waits(entry);
    this.#arm(entry);
  }

  /**
   * It does not follow what is stored. That says something of the lane where nothing before it is open, and nothing was
   * acknowledged since it was sent; else it may just have come before its turn.
   */
  #gap(entry: Entry, gap: Gap): void {
    const { lane, acksBefore } = entry;
    this.#requeue(entry, false);
    entry.alone = true;
    if (lane === undefined || lane.acks !== acksBefore) return;
    if (this.entries.firstOf(lane) === entry) this.#deps.handler.gap(lane, gap);
  }

  /** Wakes up when what was held back may go on; where it waits for an answer or a connection, that wakes it. */
  #sleep(): void {
    this.#wake?.cancel();
    const { heldBackMs } = this.#pace;
    const isTimed = heldBackMs < Number.POSITIVE_INFINITY;
    this.#wake = isTimed ? this.#deps.clock.after(heldBackMs, () => this.flush()) : undefined;
  }

  #arm(entry: Entry): void {
    const { clock, ackTimeoutMs } = this.#deps;
    const delayMs = deadlineMs(entry, { nowMs: clock.monotonicMs(), ackTimeoutMs });
    entry.timer?.cancel();
    entry.timer = delayMs === undefined ? undefined : clock.after(delayMs, () => this.#due(entry));
  }

  /** Its time is over, or that of one sending. A number in doubt is sent again: the next one depends on it. */
  #due(entry: Entry): void {
    const over = !entry.told && entry.giveUpAtMs <= this.#deps.clock.monotonicMs();
    const wasSent = entry.phase === 'sent';
    if (over || (wasSent && entry.lane === undefined)) this.#giveUp(entry, expiry(wasSent));
    if (this.entries.has(entry)) {
      if (wasSent) this.#requeue(entry, true);
      // A timer may be early.
      else this.#arm(entry);
    }
    this.flush();
  }

  #giveUp(entry: Entry, failure: Failure): void {
    const doubtful = isDoubtful(entry);
    const outcome = refused(failure, entry.message.key, doubtful);
    if (entry.lane === undefined || !doubtful) {
      this.settle(entry, outcome);
      return;
    }
    entry.told = true;
    entry.tell(outcome);
    this.#arm(entry);
  }

  #remove(entry: Entry): void {
    entry.timer?.cancel();
    this.stages.gone(entry);
    this.entries.remove(entry);
  }
}
