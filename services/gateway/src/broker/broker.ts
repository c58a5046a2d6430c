import type { Bytes, Result } from '@kittiwake/base';
import type {
  AckLevel,
  ChannelName,
  EpochChain,
  Position,
  Producer,
  Publication,
  Resume,
} from '@kittiwake/protocol';
import type { Visibility } from '../config/channel-rule.ts';
import type { BrokerStatus } from './broker-status.ts';

/** A publication before it has a position. */
export type PublicationEntry = Omit<Publication, 'type' | 'channel' | 'position'>;

/** What `publish` needs to know. */
export type PublishCommand = {
  readonly channel: ChannelName;
  readonly entry: PublicationEntry;
  /** `received` is stored like `primary`; only the caller does not wait for it. */
  readonly ack: AckLevel;
  /** Idempotency key (SPEC P3). */
  readonly key?: string;
  /** Who publishes, and the number of the publish (SPEC P8–P10); counts instead of `key`. */
  readonly producer?: Producer;
  /** How long keys, and the states of producers, are remembered. */
  readonly idempotencyMs: number;
  /** `replicated`: shown to nobody before a replica holds it, and acknowledged as `replicated` (SPEC C11). Needs a history. */
  readonly visibility: Visibility;
  readonly history: { readonly size: number; readonly ageMs: number };
};

/** A publication that was stored, or found stored under its key or number. */
export type PublishOutcome = {
  /** Absent for a producer's duplicate whose position is not remembered any more. */
  readonly position?: Position;
  readonly level: AckLevel;
  readonly duplicate: boolean;
};

/** Why the broker did not do it: it certainly did not, or, as `unknown_outcome`, nobody knows (SPEC P4). */
export type BrokerFailure = {
  readonly kind: 'broker_unavailable' | 'unknown_outcome' | 'fenced' | 'sequence_gap';
  readonly message: string;
  readonly retryAfterMs?: number;
  /** With `sequence_gap`: the number after the last one that is stored. */
  readonly expectedSequence?: number;
  /** With `sequence_gap`: for how long the channel remembers a producer. */
  readonly rememberedMs?: number;
};

/** What a reader asks a history for. */
export type HistoryQuery = {
  /** The last publication that the reader holds; absent: the newest are read, outcome `fresh`. */
  readonly since?: Position | undefined;
  /** The epochs of all that the reader holds, that of `since` last (SPEC C10); without it only the epoch of `since` is known. */
  readonly chain?: EpochChain | undefined;
  /** Publications that are given at most; 0 asks for the head alone. */
  readonly limit: number;
  /** Bytes of their bodies as they are kept, at most; one publication is given in any case. Absent, about a mebibyte. */
  readonly bytesMax?: Bytes | undefined;
};

/** Part of a channel's history, and how it relates to the position that was asked about. */
export type HistoryPage = {
  /** The last entry, or offset 0 where there is none yet. */
  readonly head: Position;
  /** The epochs of the log up to its head; empty where there is no entry yet. */
  readonly chain: EpochChain;
  /** Offset of the oldest entry that is kept and shown; that of the next one where none is. */
  readonly firstKept: number;
  readonly resume: Resume;
  /** Consecutive; what `resume` says is owed, oldest first, at most `limit` and `bytesMax`. */
  readonly publications: readonly Publication[];
};

/** What the broker tells, implemented by the hub. */
export type BrokerHandler = {
  /** A publication of a subscribed channel. Offsets may repeat or leave gaps; the hub sorts that out. */
  onPublication(publication: Publication): void;
  /** What was seen of these channels may not be what is stored (failover, lost subscriber): compare positions again. */
  onDoubt(channels: Iterable<ChannelName>): void;
  onStatus(status: BrokerStatus): void;
};

/** Carries publications between gateways, and keeps their history. No method throws or waits longer than its own deadline. */
export type Broker = {
  /** Connects and begins to call the handler; resolves when ready, or after its deadline in phase `degraded`. */
  start(handler: BrokerHandler): Promise<void>;
  stop(): Promise<void>;
  status(): BrokerStatus;
  /** After it resolves, every later publication of the channel reaches the handler. */
  subscribe(channel: ChannelName): Promise<Result<void, BrokerFailure>>;
  unsubscribe(channel: ChannelName): Promise<void>;
  publish(command: PublishCommand): Promise<Result<PublishOutcome, BrokerFailure>>;
  /** Compares what a reader holds with the log, and reads what it is owed (SPEC C3, C10). */
  read(channel: ChannelName, query: HistoryQuery): Promise<Result<HistoryPage, BrokerFailure>>;
};
