import { type Clock, err, type Millis, ok, type Random, type Result } from '@kittiwake/base';
import type { ChannelName, Publication } from '@kittiwake/protocol';
import type { BrokerFailure, HistoryPage, HistoryQuery, PublishCommand, PublishOutcome } from '../broker.ts';
import type { ControlMessage, GatewayInfo } from '../gateway-bus.ts';
import { levelOf } from '../level-of.ts';
import { PRESENCE_TIMING, type PresenceTiming } from '../presence-timing.ts';
import { MemoryLog } from './memory-log.ts';
import { MemoryPresenceTable } from './memory-presence-table.ts';

/** What a broker of the cluster listens with. */
export type MemorySubscriber = {
  has(channel: ChannelName): boolean;
  onPublication(publication: Publication): void;
  onNewEpoch(epoch: string): void;
};

const SWEEP_EVERY_MS = 60_000;

/**
 * What the gateways of one process share: logs, presence and the bus. It stands where Redis stands, and keeps the same
 * promises while the process lives; everything is gone with it.
 */
export class MemoryCluster {
  readonly clock: Clock;
  readonly timing: PresenceTiming;
  readonly presence: MemoryPresenceTable;
  readonly listeners = new Set<(message: ControlMessage) => void>();
  readonly gateways = new Map<string, { readonly info: GatewayInfo; readonly untilMs: Millis }>();
  readonly #random: Random;
  readonly #logs = new Map<ChannelName, MemoryLog>();
  readonly #subscribers = new Set<MemorySubscriber>();
  #epoch: string;
  #incarnations = 0;
  #sweptAtMs: Millis;

  constructor(deps: { readonly clock: Clock; readonly random: Random; readonly timing?: PresenceTiming }) {
    this.clock = deps.clock;
    this.timing = deps.timing ?? PRESENCE_TIMING;
    this.presence = new MemoryPresenceTable(deps.clock, this.timing.ttlMs);
    this.#random = deps.random;
    this.#epoch = deps.random.hex(8);
    this.#sweptAtMs = deps.clock.monotonicMs();
  }

  get epoch(): string {
    return this.#epoch;
  }

  /** Registers a broker; the returned function takes it out again. */
  subscribe(subscriber: MemorySubscriber): () => void {
    this.#subscribers.add(subscriber);
    return () => this.#subscribers.delete(subscriber);
  }

  /** Stores and announces; announcements arrive in order, after the caller's turn. */
  publish(command: PublishCommand): Result<PublishOutcome, BrokerFailure> {
    const nowMs = this.#now();
    const log = this.#logOf(command.channel, nowMs);
    const verdict = log.judge(command, nowMs);
    if (verdict.kind === 'refused') return err(verdict.failure);
    // One process is all there is: what it has is as replicated as it will ever be, and is shown at once.
    const level = levelOf(command);
    if (verdict.kind === 'duplicate') {
      const { position } = verdict;
      return ok({ ...(position !== undefined && { position }), level, duplicate: true });
    }
    const publication = log.append(command, nowMs);
    queueMicrotask(() => {
      for (const subscriber of this.#subscribers)
        if (subscriber.has(publication.channel)) subscriber.onPublication(publication);
    });
    return ok({ position: publication.position, level, duplicate: false });
  }

  read(channel: ChannelName, query: HistoryQuery): HistoryPage {
    const nowMs = this.#now();
    const log = this.#logs.get(channel) ?? new MemoryLog(channel, this.#epoch, nowMs);
    return log.read(query, nowMs);
  }

  /** For tests: goes on as another history that has lost the last `lost` entries of every channel. */
  failOver(lost: number): void {
    this.#epoch = this.#random.hex(8);
    for (const log of this.#logs.values()) log.failOver(this.#nextChannelEpoch(), lost);
    for (const subscriber of this.#subscribers) subscriber.onNewEpoch(this.#epoch);
  }

  #logOf(channel: ChannelName, nowMs: Millis): MemoryLog {
    const known = this.#logs.get(channel);
    if (known !== undefined) return known;
    const log = new MemoryLog(channel, this.#nextChannelEpoch(), nowMs);
    this.#logs.set(channel, log);
    return log;
  }

  /** Each beginning of a channel's history has an epoch of its own, so that a position of another one is noticed. */
  #nextChannelEpoch(): string {
    this.#incarnations += 1;
    return `${this.#epoch}-${this.#incarnations.toString(36)}`;
  }

  #now(): Millis {
    const nowMs = this.clock.monotonicMs();
    if (nowMs - this.#sweptAtMs < SWEEP_EVERY_MS) return nowMs;
    this.#sweptAtMs = nowMs;
    for (const [channel, log] of this.#logs) if (log.sweep(nowMs)) this.#logs.delete(channel);
    return nowMs;
  }
}
