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
  const doubts = new Gate();
  const reads = new Gate();
  const readChannels: ChannelName[] = [];
  let failing = 0;
  return {
    start: handler => inner.start(lossy(handler, dropped, doubts)),
    stop: () => inner.stop(),
    status: () => inner.status(),
    subscribe: channel => inner.subscribe(channel),
    unsubscribe: channel => inner.unsubscribe(channel),
    publish: command => inner.publish(command),
    async read(channel, query) {
      readChannels.push(channel);
      await reads.open;
      if (failing === 0) return inner.read(channel, query);
      failing -= 1;
      return err({ kind: 'broker_unavailable', message: 'the test says so' });
    },
    drop: offset => void dropped.add(offset),
    holdReads: () => reads.hold(),
    holdDoubts: () => doubts.hold(),
    failReads: times => {
      failing = times;
    },
    readChannels,
    get reads() {
      return readChannels.length;
    },
  };
}

/** Open unless it is held. */
class Gate {
  #held: Deferred<void> | undefined;

  /** `undefined` where nobody has to wait. */
  get open(): Promise<void> | undefined {
    return this.#held?.promise;
  }

  /** The returned function opens it again. */
  hold(): () => void {
    const held = deferred<void>();
    this.#held = held;
    return () => {
      this.#held = undefined;
      held.resolve();
    };
  }
}

function lossy(handler: BrokerHandler, dropped: Set<number>, doubts: Gate): BrokerHandler {
  return {
    onPublication: (publication: Publication) => {
      if (!dropped.delete(publication.position.offset)) handler.onPublication(publication);
    },
    onDoubt: channels => {
      if (doubts.open === undefined) handler.onDoubt(channels);
      else void doubts.open.then(() => handler.onDoubt(channels));
    },
    onStatus: status => handler.onStatus(status),
  };
}
