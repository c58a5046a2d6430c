import type { Clock, Millis, Timer } from '@kittiwake/base';
import type { Ack, ChannelName, ErrorMessage, Ref, WireData } from '@kittiwake/protocol';
import { type Failure, failureOf, localFailure } from '../failure.ts';
import { acknowledged, type PublishOutcome, refused } from './publish-outcome.ts';
import type { QueueBounds } from './queue-bounds.ts';

/** One publish, encoded once: a repetition sends the same bytes, with the same key. */
export type EncodedPublish = {
  readonly ref: Ref;
  readonly key: string;
  readonly channel: ChannelName;
  readonly data: WireData;
  readonly bytes: number;
  /** Time for all of it, waiting for a connection included; absent: `ackTimeoutMs` for each sending, and the age bound. */
  readonly timeoutMs?: Millis;
};

/** What a publish queue needs. */
export type PublishQueueDeps = {
  readonly clock: Clock;
  readonly bounds: QueueBounds;
  readonly ackTimeoutMs: Millis;
  /** Whether publishes in the channel may be sent now. */
  readonly ready: (channel: ChannelName) => boolean;
  /** Sends; false where it did not. */
  readonly send: (data: WireData) => boolean;
};

/**
 * - `queued`: waits for a connection; `sent`: waits for its answer.
 * - `doubted`: an earlier sending was never answered, so that it may be stored.
 */
type Entry = {
  readonly publish: EncodedPublish;
  readonly settle: (outcome: PublishOutcome) => void;
  readonly giveUpAtMs: Millis;
  phase: 'queued' | 'sent';
  doubted: boolean;
  timer: Timer | undefined;
};

/** Publishes that are not settled: in order, bounded, sent again with the same key after a resume (SPEC K5, K6). */
export class PublishQueue {
  readonly #deps: PublishQueueDeps;
  readonly #entries = new Map<Ref, Entry>();
  #bytes = 0;

  constructor(deps: PublishQueueDeps) {
    this.#deps = deps;
  }

  get size(): number {
    return this.#entries.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Sends the publish, or keeps it until it can be sent; the promise never rejects. */
  publish(publish: EncodedPublish): Promise<PublishOutcome> {
    const refusal = this.#makeRoom(publish);
    if (refusal !== undefined) return Promise.resolve(refused(refusal, publish.key, false));
    return new Promise(settle => {
      const lastsMs = Math.min(publish.timeoutMs ?? Number.POSITIVE_INFINITY, this.#deps.bounds.ageMaxMs);
      const giveUpAtMs = this.#deps.clock.monotonicMs() + lastsMs;
      const entry: Entry = { publish, settle, giveUpAtMs, phase: 'queued', doubted: false, timer: undefined };
      const behind = this.#waitsIn(publish.channel);
      this.#entries.set(publish.ref, entry);
      this.#bytes += publish.bytes;
      if (behind || !this.#send(entry)) this.#arm(entry);
    });
  }

  /** Sends what waits and may be sent now, in order. */
  flush(): void {
    for (const entry of [...this.#entries.values()]) {
      if (entry.phase === 'queued') this.#send(entry);
    }
  }

  /** The connection is gone: what was not answered waits again. */
  lost(): void {
    for (const entry of this.#entries.values()) {
      if (entry.phase === 'queued') continue;
      entry.phase = 'queued';
      entry.doubted = true;
      this.#arm(entry);
    }
  }

  /** Takes an answer; false where it belongs to no publish. */
  answer(ref: Ref, message: Ack | ErrorMessage): boolean {
    const entry = this.#entries.get(ref);
    if (entry === undefined) return false;
    const { key } = entry.publish;
    if (message.type === 'ack') this.#settle(entry, acknowledged(message, key));
    else if (message.kind === 'draining') this.#requeue(entry);
    else this.#settle(entry, refused(failureOf(message), key, entry.doubted));
    return true;
  }

  /** Settles everything: what was sent as `unknown`, the rest as `rejected`. */
  close(): void {
    const failure = localFailure('closed', 'the client was closed', 'never');
    for (const entry of [...this.#entries.values()]) this.#giveUp(entry, failure);
  }

  #send(entry: Entry): boolean {
    if (!this.#deps.ready(entry.publish.channel) || !this.#deps.send(entry.publish.data)) return false;
    entry.phase = 'sent';
    this.#arm(entry);
    return true;
  }

  /** A gateway that drains stored nothing: the next one gets it. */
  #requeue(entry: Entry): void {
    entry.phase = 'queued';
    this.#arm(entry);
  }

  #waitsIn(channel: ChannelName): boolean {
    for (const entry of this.#entries.values()) {
      if (entry.phase === 'queued' && entry.publish.channel === channel) return true;
    }
    return false;
  }

  #makeRoom({ bytes }: EncodedPublish): Failure | undefined {
    const { messagesMax, bytesMax, whenFull } = this.#deps.bounds;
    const full = (): boolean => this.#entries.size + 1 > messagesMax || this.#bytes + bytes > bytesMax;
    const failure = localFailure(
      'queue_full',
      `the queue holds ${messagesMax} publishes and ${bytesMax} bytes at most`,
      'backoff',
    );
    if (bytes > bytesMax) return failure;
    while (full()) {
      const oldest = whenFull === 'drop-oldest' ? this.#oldestUnsent() : undefined;
      if (oldest === undefined) return failure;
      this.#giveUp(oldest, failure);
    }
    return undefined;
  }

  #oldestUnsent(): Entry | undefined {
    for (const entry of this.#entries.values()) {
      if (entry.phase === 'queued' && !entry.doubted) return entry;
    }
    return undefined;
  }

  #arm(entry: Entry): void {
    const leftMs = Math.max(0, entry.giveUpAtMs - this.#deps.clock.monotonicMs());
    const patient = entry.phase === 'queued' || entry.publish.timeoutMs !== undefined;
    const delayMs = patient ? leftMs : Math.min(leftMs, this.#deps.ackTimeoutMs);
    entry.timer?.cancel();
    entry.timer = this.#deps.clock.after(delayMs, () => this.#expired(entry));
  }

  #expired(entry: Entry): void {
    const failure =
      entry.phase === 'sent'
        ? localFailure('timeout', 'no acknowledgement came in time', 'now')
        : localFailure('expired', 'no connection came in time', 'backoff');
    this.#giveUp(entry, failure);
  }

  #giveUp(entry: Entry, failure: Failure): void {
    this.#settle(entry, refused(failure, entry.publish.key, entry.doubted || entry.phase === 'sent'));
  }

  #settle(entry: Entry, outcome: PublishOutcome): void {
    entry.timer?.cancel();
    this.#entries.delete(entry.publish.ref);
    this.#bytes -= entry.publish.bytes;
    entry.settle(outcome);
  }
}
