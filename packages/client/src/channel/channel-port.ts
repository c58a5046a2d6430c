import type { Random, Result } from '@kittiwake/base';
import type { AckLevel, ChannelName, EpochChain, Json, Position } from '@kittiwake/protocol';
import type { Failure } from '../failure.ts';
import type { KeyedPublish } from '../publish/encode-publish.ts';
import type { HistorySight } from '../publish/history-cut.ts';
import type { ProducerLife } from '../publish/lane.ts';
import type { PublishOutcome } from '../publish/publish-outcome.ts';
import type { PublishMode } from '../publish/publisher-port.ts';
import type { ListenerFailed } from '../store/emitter.ts';
import type { MembershipDeps } from './membership-port.ts';

/** Options of one publish. */
export type PublishOptions = {
  /** Schema version of the data. Default 1. */
  readonly version?: number;
  /** How far it must have come to be acknowledged. Default: the channel's. */
  readonly ack?: AckLevel;
  /** Idempotency key, to publish again what ended as `unknown`. Default: a new one. */
  readonly key?: string;
  /** Bound of everything, waiting for a connection included. Default: `ackTimeoutMs` for each sending. */
  readonly timeoutMs?: number;
};

/** What a channel needs of its client. */
export type ChannelPort = Omit<MembershipDeps, 'name' | 'handler' | 'paused'> & {
  readonly random: Random;
  readonly listenerFailed: ListenerFailed;
  publish(message: KeyedPublish, mode: PublishMode): Promise<PublishOutcome>;
  /** Something was seen of the history that may concern what was acknowledged in it. */
  saw(channel: ChannelName, sight: HistorySight): void;
  /** After a move the channel is joined where the connection is. */
  arrived(): void;
  request(
    event: string,
    data: Json,
    options: { channel: string; timeoutMs?: number },
  ): Promise<Result<Json, Failure>>;
};

/** How a channel begins. */
export type ChannelStart = {
  /** What the member shows of itself from the first moment. */
  readonly presence?: Json;
  /** Where to go on, as kept from an earlier life of the application: the fields of `channel.place`, or this one alone. */
  readonly position?: Position;
  /** With it a truncation is found to the exact offset. */
  readonly chain?: EpochChain;
  /** With it a truncation reaches what is held from before a gap that was told as trimmed. */
  readonly heldFrom?: number;
  /**
   * Numbers the publishes of this channel, so that each is stored once and in order (SPEC K16). The epoch is higher in
   * each life of the application, unless a store keeps the numbers from one to the next.
   */
  readonly producer?: ProducerLife;
  /**
   * Publishes again, with the same key, what was acknowledged below `replicated` and is cut off by a truncation
   * (SPEC K17). The application sees it as a new publication. Default false.
   */
  readonly republish?: boolean;
};
