import { err, ok, type Result } from '@kittiwake/base';
import type { ChannelName, Position, Publication } from '@kittiwake/protocol';
import type { Broker } from '../broker/broker.ts';
import type { Failure } from '../protocol/error-message.ts';
import { ReadGate } from './read-gate.ts';

/** The newest publications of a channel, oldest first, and where the channel stands. */
export type History = { readonly position: Position; readonly publications: readonly Publication[] };

/** Reads what is kept of a channel. */
export type HistoryReader = { list(channel: ChannelName, limit: number): Promise<Result<History, Failure>> };

/** At most this many at once. */
export const HISTORY_LIMIT_MAX = 1_000;

/** Lists that are read at the same time; the rest wait in order (SPEC B14). */
const READS_MAX = 2;

/** A reader over the broker's log. */
export function createHistoryReader(broker: Pick<Broker, 'read'>): HistoryReader {
  const gate = new ReadGate(READS_MAX);
  return {
    async list(channel, limit) {
      const query = { limit: Math.min(Math.max(limit, 1), HISTORY_LIMIT_MAX) };
      const page = await gate.pass(() => broker.read(channel, query));
      if (!page.ok) return err(page.error);
      return ok({ position: page.value.head, publications: page.value.publications });
    },
  };
}
