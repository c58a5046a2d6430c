import type { Bytes, Clock, Millis, Random } from '@kittiwake/base';
import type { ChannelName, Ref, WireData } from '@kittiwake/protocol';
import type { ResumePoint } from '../channel/resume.ts';
import type { Wire } from '../connection/wire.ts';
import type { Failure } from '../failure.ts';
import type { DurableStore } from './durability.ts';
import type { ProducerLife } from './lane.ts';
import type { Lost, Settled } from './publish-events.ts';
import type { QueueBounds } from './queue-bounds.ts';

/** How one publish differs from others. */
export type PublishMode = {
  /** Bound of everything, waiting for a connection included. */
  readonly timeoutMs?: Millis | undefined;
  /** Numbers it (SPEC K16). */
  readonly producer?: ProducerLife | undefined;
  /** Published again where a truncation cuts it off (SPEC K17). */
  readonly republish?: boolean | undefined;
};

/** What the owner of a publisher is told. */
export type PublisherHandler = {
  settled(settled: Settled): void;
  lost(channel: ChannelName, lost: Lost): void;
  /** The producer of the channel was fenced. */
  fenced(channel: ChannelName, failure: Failure): void;
  storeFailed(failure: Failure): void;
};

/** What a publisher needs. */
export type PublisherDeps = {
  readonly clock: Clock;
  readonly random: Random;
  readonly wire: Pick<Wire, 'encode'>;
  readonly nextRef: () => Ref;
  readonly bounds: QueueBounds;
  readonly ackTimeoutMs: Millis;
  readonly store: DurableStore | undefined;
  /** Whether publishes in the channel may be sent now. */
  readonly ready: (channel: ChannelName) => boolean;
  readonly send: (data: WireData) => boolean;
  /** How far the history of the channel was seen. */
  readonly seen: (channel: ChannelName) => ResumePoint | undefined;
  /** Largest message that is taken now. */
  readonly bytesMax: () => Bytes;
  readonly handler: PublisherHandler;
};
