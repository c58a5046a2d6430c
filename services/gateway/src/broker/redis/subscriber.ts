import { err, ok, type Result } from '@kittiwake/base';
import type { Logger } from '../../telemetry/logger.ts';
import type { BrokerFailure } from '../broker.ts';
import { type BusRecord, readRecord } from './envelope.ts';
import { PROBE_TOPIC } from './keys.ts';
import { Lane, type LaneDeps } from './lane.ts';

/** What the subscriber tells. */
export type SubscriberListener = {
  onRecord(record: BusRecord): void;
  /** Subscribed anew, to everything: what was announced in between was missed. */
  onResubscribed(): void;
};

/** Who wants a topic: a channel's is wanted by the broker and by presence, and subscribed once. */
export type TopicOwner = 'broker' | 'presence' | 'bus' | 'canary';

type Wanted = { readonly owners: Set<TopicOwner>; confirmed: Promise<Result<void, BrokerFailure>> };

/** Topics of one SUBSCRIBE when all are subscribed anew. */
const BATCH = 500;

/** The set of topics of a gateway, on a connection of their own, which is filled again whenever it is another one. */
export class Subscriber {
  readonly lane: Lane;
  readonly #log: Logger;
  readonly #topics = new Map<string, Wanted>();
  readonly #listeners = new Set<SubscriberListener>();
  #subscribedTo = 0;
  #malformed = 0;

  constructor(deps: LaneDeps) {
    this.lane = new Lane(deps, (topic, text) => this.#receive(topic, text));
    this.#log = deps.log;
  }

  /** Whether every wanted topic is subscribed on the connection that is there now. */
  get live(): boolean {
    return this.lane.link !== undefined && this.#subscribedTo === this.lane.link.generation;
  }

  /** The returned function ends it. */
  listen(listener: SubscriberListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  start(): void {
    this.lane.listen({ onUp: () => void this.#resubscribe(), onDown: () => {} });
    this.lane.start();
  }

  async stop(): Promise<void> {
    this.#topics.clear();
    await this.lane.stop();
  }

  /** After it resolves, everything that is announced on the topic arrives. */
  async subscribe(topic: string, owner: TopicOwner): Promise<Result<void, BrokerFailure>> {
    const wanted = this.#topics.get(topic) ?? { owners: new Set(), confirmed: this.#send(topic) };
    this.#topics.set(topic, wanted);
    wanted.owners.add(owner);
    const confirmed = await wanted.confirmed;
    if (!confirmed.ok) this.#forget(topic, wanted, owner);
    return confirmed;
  }

  async unsubscribe(topic: string, owner: TopicOwner): Promise<void> {
    const wanted = this.#topics.get(topic);
    if (wanted === undefined || !this.#forget(topic, wanted, owner)) return;
    await this.lane.call({ operation: 'subscribe', writes: false }, client => client.unsubscribe([topic]));
  }

  #send(topic: string): Promise<Result<void, BrokerFailure>> {
    return this.lane
      .call({ operation: 'subscribe', writes: false }, client => client.subscribe([topic]))
      .then(sent => (sent.ok ? ok() : err(sent.error)));
  }

  /** The owner wants it no more; true where it was the last one. */
  #forget(topic: string, wanted: Wanted, owner: TopicOwner): boolean {
    wanted.owners.delete(owner);
    if (wanted.owners.size > 0 || this.#topics.get(topic) !== wanted) return false;
    return this.#topics.delete(topic);
  }

  async #resubscribe(): Promise<void> {
    const generation = this.lane.link?.generation;
    const topics = [...this.#topics.keys()];
    for (let start = 0; start < topics.length; start += BATCH) {
      const batch = topics.slice(start, start + BATCH);
      const sent = await this.lane.call({ operation: 'subscribe', writes: false }, client =>
        client.subscribe(batch),
      );
      if (this.lane.link?.generation !== generation) return;
      if (!sent.ok) return this.lane.renew('subscriptions were not confirmed');
    }
    if (generation === undefined || this.lane.link?.generation !== generation) return;
    for (const topic of topics) {
      const wanted = this.#topics.get(topic);
      if (wanted !== undefined) wanted.confirmed = Promise.resolve(ok());
    }
    this.#subscribedTo = generation;
    for (const listener of this.#listeners) listener.onResubscribed();
  }

  #receive(topic: string, text: string): void {
    // A gateway that tries what it may do is heard by others that are just doing the same.
    if (topic === PROBE_TOPIC) return;
    const record = readRecord(topic, text);
    if (record.ok) {
      for (const listener of this.#listeners) listener.onRecord(record.value);
      return;
    }
    this.#malformed += 1;
    this.#log.warn('redis.malformed_record', { kind: record.error.kind, count: this.#malformed });
  }
}
