import { assert, type Clock, delay, fullJitter, type Random } from '@kittiwake/base';
import type { Position, Publication, Resume } from '@kittiwake/protocol';
import type { Broker, BrokerFailure, HistoryPage } from '../broker/broker.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { FanOut, LocalChannel } from './local-channel.ts';

/** What keeping a stream needs. */
export type StreamKeeperDeps = {
  readonly broker: Pick<Broker, 'subscribe' | 'read'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly metrics: Metrics;
  readonly log: Logger;
  /** Told of every publication that went to the members. */
  readonly delivered: (publication: Publication, fanOut: FanOut) => void;
};

const RETRY = { baseMs: 100, capMs: 2_000 };

/**
 * Keeps the streams of this gateway's channels gapless (SPEC C5, C6): opens them at the head of the log, fills gaps from
 * the log once for all local members, and tells the members when the history is not the one that they have seen.
 */
export class StreamKeeper {
  readonly #deps: StreamKeeperDeps;
  readonly #repairs = new Map<LocalChannel, { again: boolean; readonly done: Promise<void> }>();

  constructor(deps: StreamKeeperDeps) {
    this.#deps = deps;
  }

  /** Subscribes, then goes live at the head of the log; what arrives in between is held, so nothing falls into the crack. */
  async open(channel: LocalChannel): Promise<BrokerFailure | undefined> {
    const subscribed = await this.#deps.broker.subscribe(channel.name);
    if (!subscribed.ok) return subscribed.error;
    channel.beginReading();
    const page = await this.#deps.broker.read(channel.name, { limit: 0 });
    if (!page.ok) return page.error;
    if (channel.phase !== 'opening') return undefined;
    this.#resume(channel, page.value.head);
    return undefined;
  }

  /** Takes a publication from the broker. */
  receive(channel: LocalChannel, publication: Publication): void {
    const { verdict, fanOut } = channel.receive(publication);
    if (fanOut !== undefined) this.#deps.delivered(publication, fanOut);
    if (verdict === 'repair') void this.repair(channel);
  }

  /** Compares the channel with the log. One run at a time; a doubt that comes during a run makes it run once more. */
  repair(channel: LocalChannel): Promise<void> {
    if (channel.phase === 'opening' || channel.phase === 'closed') return Promise.resolve();
    const running = this.#repairs.get(channel);
    if (running !== undefined) {
      running.again = true;
      return running.done;
    }
    channel.repairing();
    const run = { again: false, done: Promise.resolve() };
    const done = this.#run(channel, run).finally(() => this.#repairs.delete(channel));
    this.#repairs.set(channel, Object.assign(run, { done }));
    return done;
  }

  async #run(channel: LocalChannel, run: { again: boolean }): Promise<void> {
    for (let attempt = 0; ; ) {
      run.again = false;
      channel.beginReading();
      const page = await this.#deps.broker.read(channel.name, {
        since: channel.cursor,
        limit: pageSize(channel),
      });
      if (channel.phase === 'closed') return;
      if (!page.ok) {
        this.#deps.log.warn('channel.repair_failed', { kind: page.error.kind, attempt });
        await delay(this.#deps.clock, fullJitter(RETRY, attempt, this.#deps.random));
        attempt += 1;
        continue;
      }
      const before = channel.cursor.offset;
      this.#apply(channel, page.value);
      const behind = channel.cursor.offset < page.value.head.offset;
      assert(
        !behind || channel.cursor.offset > before || page.value.resume.outcome !== 'recovered',
        'a page of the log makes progress',
      );
      attempt = 0;
      // A long gap comes in pages, and a doubt may have come up while this one was read.
      if (run.again || behind) continue;
      if (!this.#resume(channel, channel.cursor)) return;
    }
  }

  #apply(channel: LocalChannel, page: HistoryPage): void {
    const signalled = page.resume.outcome !== 'recovered';
    if (signalled) {
      this.#deps.log.warn('channel.history_changed', {
        outcome: page.resume.outcome,
        epoch: page.head.epoch,
      });
      channel.restart(page.resume, cursorAfter(page.resume, page), page.head);
    }
    if (signalled || page.publications.length > 0) {
      this.#deps.metrics.count('kittiwake_gaps_total', 1, { result: signalled ? 'signalled' : 'filled' });
    }
    for (const publication of page.publications)
      this.#deps.delivered(publication, channel.advance(publication));
  }

  /** Goes live; true where what was held shows another gap, so that the log must be read again. */
  #resume(channel: LocalChannel, position: Position): boolean {
    // A delivery that does not fit its outbox ends the member, which may have been the last one.
    if (channel.phase === 'closed') return false;
    for (const publication of channel.live(position)) {
      const { verdict, fanOut } = channel.receive(publication);
      if (fanOut !== undefined) this.#deps.delivered(publication, fanOut);
      if (verdict === 'repair') channel.repairing();
    }
    const again = channel.phase === 'repairing';
    if (again && !this.#repairs.has(channel)) void this.repair(channel);
    return again;
  }
}

/** Where the members stand once they have dropped what they must drop. */
function cursorAfter(resume: Resume, page: HistoryPage): Position {
  const { epoch, offset } = page.head;
  switch (resume.outcome) {
    case 'truncated':
      return { offset: resume.divergedAt - 1, epoch };
    case 'trimmed':
      return { offset: resume.firstOffset - 1, epoch };
    default:
      return { offset, epoch };
  }
}

function pageSize(channel: LocalChannel): number {
  return Math.max(channel.rule.history.size, 1);
}
