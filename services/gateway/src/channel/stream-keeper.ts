import { assert, type Clock, delay, fullJitter, type Random, type Result } from '@kittiwake/base';
import type { Publication } from '@kittiwake/protocol';
import type { Broker, BrokerFailure, HistoryPage } from '../broker/broker.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Logger } from '../telemetry/logger.ts';
import { goesOnAfter } from './goes-on-after.ts';
import type { FanOut, LocalChannel } from './local-channel.ts';
import { ReadGate } from './read-gate.ts';
import { type Standing, standingAt } from './standing.ts';

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

/** Channels of a gateway that are compared with their logs at the same time (SPEC B8). */
const READS_MAX = 64;
const PAGE_BYTES_MAX = 131_072;

/**
 * Keeps the streams of this gateway's channels gapless (SPEC C5, C6): opens them at the head of the log, fills gaps from
 * the log once for all local members, and tells the members when the history is not the one that they have seen.
 */
export class StreamKeeper {
  readonly #deps: StreamKeeperDeps;
  readonly #gate = new ReadGate(READS_MAX);
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
    this.#resume(channel, standingAt(page.value, page.value.head.offset));
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
    const done = this.#run(channel, run);
    this.#repairs.set(channel, Object.assign(run, { done }));
    return done;
  }

  /** Over in the very turn in which it goes live: a doubt that came a moment later and found a run would be lost with it. */
  async #run(channel: LocalChannel, run: { again: boolean }): Promise<void> {
    try {
      for (let attempt = 0; ; ) {
        const page = await this.#gate.pass(() => this.#compare(channel, run));
        if (page === undefined || channel.phase === 'closed') return;
        if (!page.ok) {
          // Every channel of a gateway may be here at once: the first failure says it.
          this.#deps.log[attempt === 0 ? 'warn' : 'debug']('channel.repair_failed', {
            kind: page.error.kind,
            attempt,
          });
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
        if (!this.#resume(channel, channel.standing)) return;
      }
    } finally {
      this.#repairs.delete(channel);
    }
  }

  /** Reads what the members are owed; nothing where they are gone by the time that it is their turn. */
  async #compare(
    channel: LocalChannel,
    run: { again: boolean },
  ): Promise<Result<HistoryPage, BrokerFailure> | undefined> {
    if (channel.phase === 'closed') return undefined;
    run.again = false;
    channel.beginReading();
    const { position, chain } = channel.standing;
    const bounds = { limit: pageSize(channel), bytesMax: PAGE_BYTES_MAX };
    return this.#deps.broker.read(channel.name, { since: position, chain, ...bounds });
  }

  #apply(channel: LocalChannel, page: HistoryPage): void {
    const signalled = page.resume.outcome !== 'recovered';
    if (signalled) {
      this.#deps.log.warn('channel.history_changed', {
        outcome: page.resume.outcome,
        epoch: page.head.epoch,
      });
      channel.restart(page.resume, standingAt(page, goesOnAfter(page.resume, page.head)), page.head);
    }
    if (signalled || page.publications.length > 0) {
      this.#deps.metrics.count('kittiwake_gaps_total', 1, { result: signalled ? 'signalled' : 'filled' });
    }
    for (const publication of page.publications)
      this.#deps.delivered(publication, channel.advance(publication));
  }

  /** Goes live; true where what was held shows another gap, so that the log must be read again. */
  #resume(channel: LocalChannel, standing: Standing): boolean {
    // A delivery that does not fit its outbox ends the member, which may have been the last one.
    if (channel.phase === 'closed') return false;
    for (const publication of channel.live(standing)) {
      const { verdict, fanOut } = channel.receive(publication);
      if (fanOut !== undefined) this.#deps.delivered(publication, fanOut);
      if (verdict === 'repair') channel.repairing();
    }
    const again = channel.phase === 'repairing';
    if (again && !this.#repairs.has(channel)) void this.repair(channel);
    return again;
  }
}

function pageSize(channel: LocalChannel): number {
  return Math.max(channel.rule.history.size, 1);
}
