import { type Deferred, deferred, err } from '@kittiwake/base';
import type { Publication } from '@kittiwake/protocol';
import type { Broker, BrokerHandler } from '../../src/broker/broker.ts';

/** A real broker behind a gate: a test may lose announcements, hold reads back, or make them fail. */
export type GatedBroker = Broker & {
  /** Loses the announcement of the publication at `offset`; the log keeps it. */
  drop(offset: number): void;
  /** Holds reads back until the returned function is called. */
  holdReads(): () => void;
  /** Makes the next `times` reads fail. */
  failReads(times: number): void;
  /** How many reads there were. */
  readonly reads: number;
};

/** Puts a gate before `inner`. */
export function gatedBroker(inner: Broker): GatedBroker {
  const dropped = new Set<number>();
  let gate: Deferred<void> | undefined;
  let failing = 0;
  let reads = 0;
  return {
    start: handler => inner.start(lossy(handler, dropped)),
    stop: () => inner.stop(),
    status: () => inner.status(),
    subscribe: channel => inner.subscribe(channel),
    unsubscribe: channel => inner.unsubscribe(channel),
    publish: command => inner.publish(command),
    async read(channel, query) {
      reads += 1;
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
    failReads: times => {
      failing = times;
    },
    get reads() {
      return reads;
    },
  };
}

function lossy(handler: BrokerHandler, dropped: Set<number>): BrokerHandler {
  return {
    onPublication: (publication: Publication) => {
      if (!dropped.delete(publication.position.offset)) handler.onPublication(publication);
    },
    onDoubt: channels => handler.onDoubt(channels),
    onStatus: status => handler.onStatus(status),
  };
}
