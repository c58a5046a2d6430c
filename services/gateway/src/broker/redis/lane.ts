import { type Clock, err, ok, type Random, type Result, type Timer } from '@kittiwake/base';
import type { Metrics } from '../../metrics/metrics.ts';
import type { Logger } from '../../telemetry/logger.ts';
import type { BrokerFailure } from '../broker.ts';
import { readReplication } from './epoch.ts';
import { failureOf, isUnexpected, unavailable } from './failure-of.ts';
import type { LaneName, RedisClient } from './redis-client.ts';
import { IN_FLIGHT_MAX, REDIS_TIMING } from './redis-timing.ts';

/** A connection that was checked: it leads to a primary, and this is the history that the primary writes. */
export type Link = {
  /** Counts connections of the lane. */
  readonly generation: number;
  readonly replid: string;
  /** Unlike that of any other link; goes into the epochs that it begins. */
  readonly salt: string;
};

/** What a lane needs. */
export type LaneDeps = {
  readonly client: RedisClient;
  readonly name: LaneName;
  readonly clock: Clock;
  readonly random: Random;
  readonly metrics: Metrics;
  readonly log: Logger;
};

/** What a lane tells. */
export type LaneListener = {
  /** Connected to a primary; called again when the primary's history is found to be another one. */
  onUp(link: Link): void;
  onDown(): void;
};

/** How a call is named in the metrics, and whether it changes anything. */
export type CallOptions = { readonly operation: string; readonly writes: boolean };

/** One connection to the primary that finds its way back, and knows whom it talks to. */
export class Lane {
  readonly client: RedisClient;
  readonly #deps: LaneDeps;
  readonly #listeners = new Set<LaneListener>();
  readonly #onMessage: (topic: string, text: string) => void;
  #link: Link | undefined;
  #generation = 0;
  #running = false;
  #inFlight = 0;
  #complained = false;
  #revival: Timer | undefined;

  /** `onMessage` takes what is announced on topics that this lane is subscribed to. */
  constructor(deps: LaneDeps, onMessage: (topic: string, text: string) => void = () => {}) {
    this.#deps = deps;
    this.#onMessage = onMessage;
    this.client = deps.client;
  }

  get link(): Link | undefined {
    return this.#link;
  }

  /** The returned function ends it. */
  listen(listener: LaneListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  start(): void {
    if (this.#running) return;
    this.#running = true;
    this.client.listen({
      ready: () => void this.check(),
      closed: () => this.#down(),
      ended: () => this.#revive(),
      failed: reason => this.#complain(reason),
      message: (topic, text) => this.#onMessage(topic, text),
    });
    this.client.connect();
  }

  async stop(): Promise<void> {
    if (!this.#running) return;
    this.#running = false;
    this.#revival?.cancel();
    this.#down();
    this.client.disconnect(false);
  }

  /** Gives the connection up and makes another one. */
  renew(reason: string): void {
    if (!this.#running) return;
    this.#deps.log.warn('redis.renewed', { lane: this.#deps.name, reason });
    this.#down();
    this.client.disconnect(true);
  }

  /** Asks the server on this very connection who it is; a server that is no primary is left. */
  async check(): Promise<void> {
    const generation = this.#link?.generation ?? this.#generation + 1;
    const connection = this.client.connection;
    const info = await this.client.info().catch(() => undefined);
    if (!this.#running || connection !== this.client.connection || this.client.phase !== 'ready') return;
    if (info === undefined) return this.renew('no answer to INFO');
    const found = readReplication(info);
    if (found.role !== 'master') return this.renew(found.reason);
    if (this.#link?.replid === found.replid) return;
    this.#generation = generation;
    this.#complained = false;
    this.#link = { generation, replid: found.replid, salt: this.#deps.random.hex(4) };
    this.#deps.log.info('redis.up', { lane: this.#deps.name, replid: found.replid });
    for (const listener of this.#listeners) listener.onUp(this.#link);
  }

  /** Runs a call on the checked connection; refuses at once where there is none, or too much waits already. */
  async call<T>(
    options: CallOptions,
    send: (client: RedisClient, link: Link) => Promise<T>,
  ): Promise<Result<T, BrokerFailure>> {
    const link = this.#link;
    if (link === undefined) return this.#refuse(options, 'there is no connection to a Redis primary');
    if (this.#inFlight >= IN_FLIGHT_MAX) return this.#refuse(options, 'too many commands wait for Redis');
    const startedMs = this.#deps.clock.monotonicMs();
    this.#inFlight += 1;
    try {
      const value = await send(this.client, link);
      this.#observe(options, startedMs, 'ok');
      return ok(value);
    } catch (reason) {
      if (isUnexpected(reason)) this.#deps.log.error('redis.unexpected_reply', this.#fields(reason));
      const failure = failureOf(reason, options);
      this.#observe(options, startedMs, failure.kind);
      return err(failure);
    } finally {
      this.#inFlight -= 1;
    }
  }

  /** Warns about the first of a series of failed attempts only. */
  #complain(reason: unknown): void {
    const level = this.#complained ? 'debug' : 'warn';
    this.#complained = true;
    this.#deps.log[level]('redis.connection_error', this.#fields(reason));
  }

  #refuse({ operation }: CallOptions, reason: string): Result<never, BrokerFailure> {
    this.#deps.metrics.observe('kittiwake_broker_operation_seconds', 0, {
      operation,
      result: 'broker_unavailable',
    });
    return err(unavailable(reason));
  }

  #observe({ operation }: CallOptions, startedMs: number, result: string): void {
    const seconds = (this.#deps.clock.monotonicMs() - startedMs) / 1_000;
    this.#deps.metrics.observe('kittiwake_broker_operation_seconds', seconds, { operation, result });
  }

  #down(): void {
    if (this.#link === undefined) return;
    this.#link = undefined;
    this.#deps.log.warn('redis.down', { lane: this.#deps.name });
    for (const listener of this.#listeners) listener.onDown();
  }

  /** ioredis gives up where it is disconnected while it asks the Sentinels; a lane does not. */
  #revive(): void {
    this.#down();
    if (!this.#running) return;
    this.#revival?.cancel();
    this.#revival = this.#deps.clock.after(REDIS_TIMING.reconnectCapMs, () => {
      if (this.#running && this.client.phase === 'ended') this.client.connect();
    });
  }

  #fields(reason: unknown): { readonly lane: string; readonly message: string } {
    const message = reason instanceof Error ? reason.message : String(reason);
    return { lane: this.#deps.name, message: message.slice(0, 200) };
  }
}
