import type { Bytes, Result } from '@kittiwake/base';
import type { Broker, BrokerFailure, HistoryPage, HistoryQuery } from '../broker/broker.ts';
import type { LocalChannel } from './local-channel.ts';
import { ReadGate } from './read-gate.ts';

/** Pages that are read at a time, and their bytes: what the broker is kept busy with, and has to hold, for one gateway. */
type Share = { readonly atOnce: number; readonly bytesMax: Bytes };

/** Most who come back missed little: they need no other page, and do not wait for those who missed much. */
const FIRST: Share = { atOnce: 32, bytesMax: 32_768 };
const FURTHER: Share = { atOnce: 2, bytesMax: 131_072 };

/**
 * Reads what those who come back are owed, in pages that take turns (SPEC B14): a publish that comes in between waits for a
 * few of them at most, and the broker does not hold more of them than that. The longer a history, the more often it waits.
 */
export class PastReader {
  readonly #broker: Pick<Broker, 'read'>;
  readonly #first = new ReadGate(FIRST.atOnce);
  readonly #further = new ReadGate(FURTHER.atOnce);

  constructor(broker: Pick<Broker, 'read'>) {
    this.#broker = broker;
  }

  /** Reads the page after `before` others of the same past. */
  page(
    { name, rule }: LocalChannel,
    query: Pick<HistoryQuery, 'since' | 'chain'>,
    before: number,
  ): Promise<Result<HistoryPage, BrokerFailure>> {
    const [gate, { bytesMax }] = before === 0 ? [this.#first, FIRST] : [this.#further, FURTHER];
    const limit = Math.max(rule.history.size, 1);
    return gate.pass(() => this.#broker.read(name, { ...query, limit, bytesMax }));
  }
}
