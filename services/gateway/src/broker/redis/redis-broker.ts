import { type Clock, type Deferred, deferred, err, type Result, type Timer } from '@kittiwake/base';
import type { ChannelName } from '@kittiwake/protocol';
import type { Metrics } from '../../metrics/metrics.ts';
import type { Logger } from '../../telemetry/logger.ts';
import type {
  Broker,
  BrokerFailure,
  BrokerHandler,
  HistoryPage,
  HistoryQuery,
  PublishCommand,
  PublishOutcome,
} from '../broker.ts';
import type { BrokerStatus } from '../broker-status.ts';
import type { BusRecord } from './envelope.ts';
import { unavailable } from './failure-of.ts';
import { topicOf } from './keys.ts';
import type { Link } from './lane.ts';
import type { RedisCore } from './redis-core.ts';
import { readHistory } from './redis-history.ts';
import { RedisPublisher } from './redis-publisher.ts';
import { REDIS_TIMING } from './redis-timing.ts';
import type { TailLedger } from './tail-ledger.ts';

/** What the broker needs. */
export type RedisBrokerDeps = {
  readonly core: RedisCore;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly log: Logger;
};

/** The broker of one gateway over one primary (SPEC B1–B7). */
export class RedisBroker implements Broker {
  readonly #core: RedisCore;
  readonly #clock: Clock;
  readonly #metrics: Metrics;
  readonly #log: Logger;
  readonly #publisher: RedisPublisher;
  #handler: BrokerHandler | undefined;
  #status: BrokerStatus = { phase: 'starting' };
  #endings: readonly (() => void)[] = [];
  #starting: Deferred<void> | undefined;
  #replid: string | undefined;

  constructor({ core, clock, metrics, log }: RedisBrokerDeps) {
    this.#core = core;
    this.#clock = clock;
    this.#metrics = metrics;
    this.#log = log;
    this.#publisher = new RedisPublisher(core, clock);
  }

  async start(handler: BrokerHandler): Promise<void> {
    if (this.#endings.length > 0) return;
    this.#handler = handler;
    const refresh = (): void => this.#refresh();
    this.#endings = [
      this.#core.commands.listen({ onUp: link => this.#onUp(link), onDown: refresh }),
      this.#core.replicated.listen({ onUp: refresh, onDown: refresh }),
      this.#core.subscriber.lane.listen({ onUp: () => {}, onDown: refresh }),
      this.#core.subscriber.listen({
        onRecord: record => this.#onRecord(record),
        onResubscribed: () => this.#onResubscribed(),
      }),
      this.#core.tails.listen({
        onEmptied: () => this.#doubtAll('emptied'),
        onDoubt: channels => this.#doubt('tail', channels),
        onHidden: channels => {
          for (const channel of channels) void this.#publisher.show(channel);
        },
      }),
    ];
    this.#core.acquire();
    this.#replid = this.#core.commands.link?.replid;
    await this.#untilReady();
    this.#refresh();
  }

  async stop(): Promise<void> {
    if (this.#endings.length === 0) return;
    for (const end of this.#endings) end();
    this.#endings = [];
    for (const channel of this.#ledger.channels()) this.#ledger.unfollow(channel);
    this.#starting?.resolve();
    await this.#core.release();
    this.#set({ phase: 'stopped' });
  }

  status(): BrokerStatus {
    return this.#status;
  }

  async subscribe(channel: ChannelName): Promise<Result<void, BrokerFailure>> {
    this.#ledger.follow(channel);
    const subscribed = await this.#core.subscriber.subscribe(topicOf(channel), 'broker');
    if (!subscribed.ok) this.#ledger.unfollow(channel);
    return subscribed;
  }

  async unsubscribe(channel: ChannelName): Promise<void> {
    this.#ledger.unfollow(channel);
    await this.#core.subscriber.unsubscribe(topicOf(channel), 'broker');
  }

  publish(command: PublishCommand): Promise<Result<PublishOutcome, BrokerFailure>> {
    if (this.#status.phase === 'stopped')
      return Promise.resolve(err(unavailable('the broker is not running')));
    return this.#publisher.publish(command);
  }

  async read(channel: ChannelName, query: HistoryQuery): Promise<Result<HistoryPage, BrokerFailure>> {
    const onHidden = (): void => void this.#publisher.show(channel);
    const page = await readHistory(this.#core.commands, channel, { ...query, onHidden });
    if (page.ok) this.#ledger.read(channel, page.value.head);
    return page;
  }

  /** The channels that are subscribed, and what was heard of each. */
  get #ledger(): TailLedger {
    return this.#core.tails.ledger;
  }

  /** Another history than the last one that was seen: what members hold may not be in it. */
  #onUp(link: Link): void {
    const former = this.#replid;
    this.#replid = link.replid;
    this.#refresh();
    if (link.evicts !== undefined) this.#log.warn('broker.may_evict', { policy: link.evicts });
    if (former === undefined || former === link.replid) return;
    this.#metrics.count('kittiwake_broker_failovers_total', 1);
    this.#doubtAll('failover');
  }

  #onResubscribed(): void {
    this.#refresh();
    this.#doubtAll('resubscribed');
  }

  #doubtAll(reason: string): void {
    this.#ledger.forget();
    this.#doubt(reason, this.#ledger.channels());
  }

  #doubt(reason: string, channels: readonly ChannelName[]): void {
    if (channels.length === 0) return;
    this.#metrics.count('kittiwake_broker_doubts_total', channels.length, { reason });
    this.#log.warn('broker.doubt', { reason, channels: channels.length });
    this.#handler?.onDoubt(channels);
  }

  #onRecord(record: BusRecord): void {
    if (record.kind !== 'publication') return;
    const { publication } = record;
    if (this.#ledger.announced(publication.channel, publication.position))
      this.#handler?.onPublication(publication);
  }

  /** Waits for the connections, but not for ever: a gateway starts without its broker as well. */
  async #untilReady(): Promise<void> {
    if (this.#core.trouble === undefined && this.#core.isKnown) return;
    const ready = deferred<void>();
    this.#starting = ready;
    const timer: Timer = this.#clock.after(REDIS_TIMING.startMs, () => ready.resolve());
    await ready.promise;
    timer.cancel();
    this.#starting = undefined;
  }

  #refresh(): void {
    if (this.#endings.length === 0) return;
    const { trouble, missing, commands, isKnown } = this.#core;
    const isStarting = this.#starting !== undefined;
    if (trouble === undefined && commands.link !== undefined && (isKnown || !isStarting)) {
      this.#starting?.resolve();
      this.#set({ phase: 'ready', epoch: commands.link.replid });
    } else if (!isStarting || missing.length > 0 || this.#status.phase === 'ready') {
      // What is not permitted will not be in a moment: nobody has to wait for that.
      if (isKnown && missing.length > 0) this.#starting?.resolve();
      this.#set({ phase: 'degraded', reason: trouble ?? 'no connection to a primary' });
    }
  }

  #set(status: BrokerStatus): void {
    const former = this.#status;
    this.#status = status;
    if (JSON.stringify(former) !== JSON.stringify(status)) this.#handler?.onStatus(status);
  }
}
