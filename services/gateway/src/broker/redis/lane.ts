import { type Clock, err, ok, type Random, type Result, type Timer } from '@kittiwake/base';
import type { Metrics } from '../../metrics/metrics.ts';
import type { Logger } from '../../telemetry/logger.ts';
import type { BrokerFailure } from '../broker.ts';
import { failureOf, isUnexpected, unavailable } from './failure-of.ts';
import { examine } from './lane-check.ts';
import type { LaneName, RedisClient } from './redis-client.ts';
import { IN_FLIGHT_MAX, REDIS_TIMING } from './redis-timing.ts';
import { missingRight } from './rights.ts';

/** A connection that was checked: it leads to a primary, and this is the history that the primary writes. */
export type Link = {
  /** Counts connections of the lane. */
  readonly generation: number;
  readonly replid: string;
  /** Unlike that of any other link; goes into the epochs that it begins. */
  readonly salt: string;
  /** The policy by which the primary evicts keys, where it does (SPEC B11). */
  readonly evicts: string | undefined;
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
  /** There is no checked connection; called again when `missing` turns out to be something else. */
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
  #missing: readonly string[] = [];
  /** Whether a call was refused for want of a right since the last check. */
  #suspected = false;
  #suspectedAtMs = Number.NEGATIVE_INFINITY;
  #recheck: Timer | undefined;

  /** `onMessage` takes what is announced on topics that this lane is subscribed to. */
  constructor(deps: LaneDeps, onMessage: (topic: string, text: string) => void = () => {}) {
    this.#deps = deps;
    this.#onMessage = onMessage;
    this.client = deps.client;
  }

  get link(): Link | undefined {
    return this.#link;
  }

  /** What Redis does not permit although the lane needs it; empty where nothing is known to be missing (SPEC B10). */
  get missing(): readonly string[] {
    return this.#missing;
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
      closed: () => this.#closed(),
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
    this.#closed();
    this.client.disconnect(false);
  }

  /** Gives the connection up and makes another one. */
  renew(reason: string): void {
    if (!this.#running) return;
    this.#deps.log.warn('redis.renewed', { lane: this.#deps.name, reason });
    this.#closed();
    this.client.disconnect(true);
  }

  /** Asks the server on this very connection who it is; a server that is no primary is left, one that denies is asked again. */
  async check(): Promise<void> {
    const { connection } = this.client;
    const rights = this.#link === undefined || this.#suspected;
    const found = await examine(this.#deps.name, this.client, { rights });
    if (!this.#running || connection !== this.client.connection || this.client.phase !== 'ready') return;
    if (rights) this.#suspected = false;
    switch (found.kind) {
      case 'useless':
        return this.renew(found.reason);
      case 'denied':
        this.#deny(found.missing);
        this.#recheck = this.#deps.clock.after(REDIS_TIMING.canaryEveryMs, () => void this.check());
        return;
      case 'primary':
        return this.#up(found);
    }
  }

  /** Runs a call on the checked connection; refuses at once where there is none, or too much waits already. */
  async call<T>(
    options: CallOptions,
    send: (client: RedisClient, link: Link) => Promise<T>,
  ): Promise<Result<T, BrokerFailure>> {
    const link = this.#link;
    if (link === undefined) return this.#refuse(options, this.#reason);
    if (this.#inFlight >= IN_FLIGHT_MAX) return this.#refuse(options, 'too many commands wait for Redis');
    const startedMs = this.#deps.clock.monotonicMs();
    this.#inFlight += 1;
    try {
      const value = await send(this.client, link);
      this.#observe(options, startedMs, 'ok');
      return ok(value);
    } catch (reason) {
      if (missingRight(messageOf(reason), '') !== undefined) this.#suspect();
      else if (isUnexpected(reason)) this.#deps.log.error('redis.unexpected_reply', this.#fields(reason));
      const failure = failureOf(reason, options);
      this.#observe(options, startedMs, failure.kind);
      return err(failure);
    } finally {
      this.#inFlight -= 1;
    }
  }

  #up({ replid, evicts }: { readonly replid: string; readonly evicts: string | undefined }): void {
    if (this.#link?.replid === replid) return;
    if (this.#link === undefined) this.#generation += 1;
    this.#complained = false;
    this.#missing = [];
    this.#link = { generation: this.#generation, replid, salt: this.#deps.random.hex(4), evicts };
    this.#deps.log.info('redis.up', { lane: this.#deps.name, replid });
    for (const listener of this.#listeners) listener.onUp(this.#link);
  }

  /** Goes without a link for as long as something is missing. Says so once, however often the server is asked again. */
  #deny(missing: readonly string[]): void {
    const isNew = missing.join() !== this.#missing.join();
    this.#missing = missing;
    if (isNew && missing.length > 0)
      this.#deps.log.error('redis.not_permitted', { lane: this.#deps.name, missing: missing.join(', ') });
    if (this.#link !== undefined) this.#down();
    else if (isNew) for (const listener of this.#listeners) listener.onDown();
  }

  /** Something that was permitted is not any more: finds out what, once in a while for all calls that are refused. */
  #suspect(): void {
    const nowMs = this.#deps.clock.monotonicMs();
    if (nowMs - this.#suspectedAtMs < REDIS_TIMING.canaryEveryMs) return;
    this.#suspectedAtMs = nowMs;
    this.#suspected = true;
    void this.check();
  }

  get #reason(): string {
    return this.#missing.length > 0
      ? 'Redis does not permit what this needs'
      : 'there is no connection to a Redis primary';
  }

  /** An attempt to connect failed. Warns about the first of a series only. */
  #complain(reason: unknown): void {
    // A login, or the very question who the server is, may be what is refused.
    const right = missingRight(messageOf(reason), 'info');
    if (this.#link === undefined) this.#deny(right === undefined ? [] : [right]);
    if (right !== undefined) return;
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

  #closed(): void {
    this.#recheck?.cancel();
    this.#suspected = false;
    this.#down();
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
    return { lane: this.#deps.name, message: messageOf(reason).slice(0, 200) };
  }
}

function messageOf(reason: unknown): string {
  return reason instanceof Error ? reason.message : String(reason);
}
