import type { Clock, Millis, Result } from '@kittiwake/base';
import type { ChannelName } from '@kittiwake/protocol';
import type { Failure } from '../failure.ts';
import type { KeyedPublish } from './encode-publish.ts';
import type { Entry } from './entry.ts';
import type { Lane, ProducerLife } from './lane.ts';
import type { PublishStore } from './publish-store.ts';
import type { StoredPublish } from './stored-publish.ts';

/** What a publisher asks of whatever lets its publishes outlive it (SPEC K14). */
export type Durability = {
  /** Takes up what an earlier life of the application left. */
  open(): void;
  /** Whether the next life could read the publish. */
  canKeep(entry: Entry): boolean;
  /** Keeps a publish as it is now, with the number that it has in its lane. */
  keep(entry: Entry): Promise<Result<void, Failure>>;
  /** Keeps the numbers of a lane. */
  keepLane(lane: Lane): void;
  /** A publish of a lane was acknowledged; comes before that is settled. */
  heard(lane: Lane): void;
  /** The publish is settled. */
  forget(message: KeyedPublish): void;
  /** Leaves what is kept to the next life. */
  close(): void;
};

/** What durability asks of its publisher. */
export type DurabilityPort = {
  readonly clock: Clock;
  readonly lane: (channel: ChannelName, producer: ProducerLife) => Lane;
  /** Takes a publish of an earlier life, unless it is there already; it is `ageMs` old. */
  readonly restore: (stored: StoredPublish, ageMs: Millis) => void;
  readonly failed: (failure: Failure) => void;
};

/** A store, and what uses it: made by `durable`, so that only who wants it loads it. */
export type DurableStore = {
  readonly store: PublishStore;
  attach(port: DurabilityPort): Durability;
};
