import { type Clock, deferred, err, type Result, type Timer } from '@kittiwake/base';
import type { ChannelName } from '@kittiwake/protocol';
import type { Metrics } from '../../metrics/metrics.ts';
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

/** What the broker needs. */
export type RedisBrokerDeps = {
  readonly core: RedisCore;
  readonly clock: Clock;
  readonly metrics: Metrics;
};

/** The broker of one gateway over one primary (SPEC B1–B7). */
export class RedisBroker implements Broker {
  readonly #core: RedisCore;
  readonly #clock: Clock;
  readonly #metrics: Metrics;
  readonly #publisher: RedisPublisher;
  readonly #channels = new Set<ChannelName>();
  #handler: BrokerHandler | undefined;
  #status: BrokerStatus = { phase: 'starting' };
  #endings: readonly (() => void)[] = [];
  #started: (() => void) | undefined;
  #replid: string | undefined;

  constructor({ core, clock, metrics }: RedisBrokerDeps) {
    this.#core = core;
    this.#clock = clock;
    this.#metrics = metrics;
    this.#publisher = new RedisPublisher(core, clock);
  }

  async start(handler: BrokerHandler): Promise<void> {
    if (this.#endings.length > 0) return;
    this.#handler = handler;
    this.#endings = [
      this.#core.commands.listen({ onUp: link => this.#onUp(link), onDown: () => this.#refresh() }),
      this.#core.subscriber.lane.listen({ onUp: () => {}, onDown: () => this.#refresh() }),
      this.#core.subscriber.listen({
        onRecord: record => this.#onRecord(record),
        onResubscribed: () => this.#onResubscribed(),
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
    this.#channels.clear();
    this.#started?.();
    await this.#core.release();
    this.#set({ phase: 'stopped' });
  }

  status(): BrokerStatus {
    return this.#status;
  }

  async subscribe(channel: ChannelName): Promise<Result<void, BrokerFailure>> {
    this.#channels.add(channel);
    const subscribed = await this.#core.subscriber.subscribe(topicOf(channel), 'broker');
    if (!subscribed.ok) this.#channels.delete(channel);
    return subscribed;
  }

  async unsubscribe(channel: ChannelName): Promise<void> {
    this.#channels.delete(channel);
    await this.#core.subscriber.unsubscribe(topicOf(channel), 'broker');
  }

  publish(command: PublishCommand): Promise<Result<PublishOutcome, BrokerFailure>> {
    if (this.#status.phase === 'stopped')
      return Promise.resolve(err(unavailable('the broker is not running')));
    return this.#publisher.publish(command);
  }

  read(channel: ChannelName, query: HistoryQuery): Promise<Result<HistoryPage, BrokerFailure>> {
    const onHidden = (): void => void this.#publisher.show(channel);
    return readHistory(this.#core.commands, channel, { ...query, onHidden });
  }

  /** Another history than the last one that was seen: what members hold may not be in it. */
  #onUp(link: Link): void {
    const former = this.#replid;
    this.#replid = link.replid;
    this.#refresh();
    if (former === undefined || former === link.replid) return;
    this.#metrics.count('kittiwake_broker_failovers_total', 1);
    this.#handler?.onDoubt([...this.#channels]);
  }

  #onResubscribed(): void {
    this.#refresh();
    if (this.#channels.size > 0) this.#handler?.onDoubt([...this.#channels]);
  }

  #onRecord(record: BusRecord): void {
    if (record.kind !== 'publication' || !this.#channels.has(record.publication.channel)) return;
    this.#handler?.onPublication(record.publication);
  }

  /** Waits for the connections, but not for ever: a gateway starts without its broker as well. */
  async #untilReady(): Promise<void> {
    if (this.#core.ready) return;
    const ready = deferred<void>();
    this.#started = () => ready.resolve();
    const timer: Timer = this.#clock.after(REDIS_TIMING.startMs, () => ready.resolve());
    await ready.promise;
    timer.cancel();
    this.#started = undefined;
  }

  #refresh(): void {
    if (this.#endings.length === 0) return;
    const link = this.#core.commands.link;
    if (link !== undefined && this.#core.subscriber.live) {
      this.#started?.();
      this.#set({ phase: 'ready', epoch: link.replid });
    } else if (this.#started === undefined || this.#status.phase === 'ready') {
      const reason = link === undefined ? 'no connection to a primary' : 'the subscriber is down';
      this.#set({ phase: 'degraded', reason });
    }
  }

  #set(status: BrokerStatus): void {
    const former = this.#status;
    this.#status = status;
    if (JSON.stringify(former) !== JSON.stringify(status)) this.#handler?.onStatus(status);
  }
}
