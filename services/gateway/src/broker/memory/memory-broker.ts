import { err, ok, type Result } from '@kittiwake/base';
import type { ChannelName, Publication } from '@kittiwake/protocol';
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
import type { MemoryCluster, MemorySubscriber } from './memory-cluster.ts';

const STOPPED: BrokerFailure = {
  kind: 'broker_unavailable',
  message: 'the broker is not running',
  retryAfterMs: 1_000,
};

/** One gateway's broker over a `MemoryCluster`. */
export class MemoryBroker implements Broker, MemorySubscriber {
  readonly #cluster: MemoryCluster;
  readonly #channels = new Set<ChannelName>();
  #handler: BrokerHandler | undefined;
  #status: BrokerStatus = { phase: 'starting' };
  #leave: (() => void) | undefined;

  constructor(cluster: MemoryCluster) {
    this.#cluster = cluster;
  }

  async start(handler: BrokerHandler): Promise<void> {
    if (this.#leave !== undefined) return;
    this.#handler = handler;
    this.#leave = this.#cluster.subscribe(this);
    this.#setStatus({ phase: 'ready', epoch: this.#cluster.epoch });
  }

  async stop(): Promise<void> {
    if (this.#leave === undefined) return;
    this.#leave();
    this.#leave = undefined;
    this.#channels.clear();
    this.#setStatus({ phase: 'stopped' });
  }

  status(): BrokerStatus {
    return this.#status;
  }

  async subscribe(channel: ChannelName): Promise<Result<void, BrokerFailure>> {
    if (!this.#running) return err(STOPPED);
    this.#channels.add(channel);
    return ok();
  }

  async unsubscribe(channel: ChannelName): Promise<void> {
    this.#channels.delete(channel);
  }

  async publish(command: PublishCommand): Promise<Result<PublishOutcome, BrokerFailure>> {
    return this.#running ? this.#cluster.publish(command) : err(STOPPED);
  }

  async read(channel: ChannelName, query: HistoryQuery): Promise<Result<HistoryPage, BrokerFailure>> {
    return this.#running ? ok(this.#cluster.read(channel, query)) : err(STOPPED);
  }

  has(channel: ChannelName): boolean {
    return this.#channels.has(channel);
  }

  onPublication(publication: Publication): void {
    this.#handler?.onPublication(publication);
  }

  onNewEpoch(epoch: string): void {
    this.#setStatus({ phase: 'ready', epoch });
    this.#handler?.onDoubt([...this.#channels]);
  }

  get #running(): boolean {
    return this.#status.phase === 'ready';
  }

  #setStatus(status: BrokerStatus): void {
    this.#status = status;
    this.#handler?.onStatus(status);
  }
}
