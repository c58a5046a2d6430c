import { type Deferred, deferred, err } from '@kittiwake/base';
import type { ChannelName, Publication } from '@kittiwake/protocol';
import type { Broker, BrokerHandler } from '../../src/broker/broker.ts';

/** A real broker behind a gate: a test may lose announcements, hold reads back, or make them fail. */
export type GatedBroker = Broker & {
  /** Loses the announcement of the publication at `offset`; the log keeps it. */
  drop(offset: number): void;
  /** Holds reads back until the returned function is called. */
  holdReads(): () => void;
  /** Keeps doubts back until the returned function is called. */
  holdDoubts(): () => void;
  /** Makes the next `times` reads fail. */
  failReads(times: number): void;
  /** How many reads there were. */
  readonly reads: number;
  /** What was read, in order. */
  readonly readChannels: readonly ChannelName[];
};

/** Puts a gate before `inner`. */
export function gatedBroker(inner: Broker): GatedBroker {
  const dropped = new Set<number>();
  let gate: Deferred<void> | undefined;
  let failing = 0;
  const doubts: Doubts = { held: undefined };
  const readChannels: ChannelName[] = [];
  return {
    start: handler => inner.start(lossy(handler, dropped, doubts)),
    stop: () => inner.stop(),
    status: () => inner.status(),
    subscribe: channel => inner.subscribe(channel),
    unsubscribe: channel => inner.unsubscribe(channel),
    publish: command => inner.publish(command),
    async read(channel, query) {
      readChannels.push(channel);
      await gate?.promise;
      if (failing > 0) {
        failing -= 1;
        return err({ kind: 'broker_unavailable', message: 'the test says so' });
      }
      return inner.read(channel, query);
    },
    drop: offset => void dropped.add(offset),
    holdReads() {
      const held = deferred<void>();
      gate = held;
      return () => {
        gate = undefined;
        held.resolve();
      };
    },
    holdDoubts() {
      doubts.held = [];
      return () => {
        const held = doubts.held ?? [];
        doubts.held = undefined;
        for (const tell of held) tell();
      };
    },
    failReads: times => {
      failing = times;
    },
    readChannels,
    get reads() {
      return readChannels.length;
    },
  };
}

/** What waits to be told, while it is held back. */
type Doubts = { held: (() => void)[] | undefined };

function lossy(handler: BrokerHandler, dropped: Set<number>, doubts: Doubts): BrokerHandler {
  return {
    onPublication: (publication: Publication) => {
      if (!dropped.delete(publication.position.offset)) handler.onPublication(publication);
    },
    onDoubt: channels => {
      if (doubts.held === undefined) handler.onDoubt(channels);
      else doubts.held.push(() => handler.onDoubt(channels));
    },
    onStatus: status => handler.onStatus(status),
  };
}
