import type { Clock, Millis, Random, Result } from '@kittiwake/base';
import type { Ack, ChannelName, WireData } from '@kittiwake/protocol';
import type { Failure } from '../failure.ts';
import type { Entry } from './entry.ts';
import type { Gap } from './judge.ts';
import type { Lane } from './lane.ts';
import type { PublishOutcome } from './publish-outcome.ts';
import type { QueueBounds } from './queue-bounds.ts';

/** What a publish queue needs. */
export type PublishQueueDeps = {
  readonly clock: Clock;
  readonly random: Random;
  readonly bounds: QueueBounds;
  readonly ackTimeoutMs: Millis;
  /** Whether publishes in the channel may be sent now. */
  readonly ready: (channel: ChannelName) => boolean;
  /** Sends; false where it did not. */
  readonly send: (data: WireData) => boolean;
  /** Gives an entry the next number of its lane. */
  readonly number: (entry: Entry) => void;
  /** Keeps an entry in the store, as it is now; absent where there is none. */
  readonly keep?: (entry: Entry) => Promise<Result<void, Failure>>;
  readonly handler: PublishQueueHandler;
};

/** What the owner of a queue is told. */
export type PublishQueueHandler = {
  /** The entry has left the queue; `ack` where that is why. */
  settled(entry: Entry, outcome: PublishOutcome, ack?: Ack): void;
  /** One of the lane does not follow what is stored; it is queued again. */
  gap(lane: Lane, gap: Gap): void;
  fenced(lane: Lane, failure: Failure): void;
};
