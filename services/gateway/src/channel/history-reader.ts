import { err, ok, type Result } from '@kittiwake/base';
import type { ChannelName, Position, Publication } from '@kittiwake/protocol';
import type { Broker } from '../broker/broker.ts';
import type { Failure } from '../protocol/error-message.ts';

/** The newest publications of a channel, oldest first, and where the channel stands. */
export type History = { readonly position: Position; readonly publications: readonly Publication[] };

/** Reads what is kept of a channel. */
export type HistoryReader = { list(channel: ChannelName, limit: number): Promise<Result<History, Failure>> };

/** At most this many at once. */
export const HISTORY_LIMIT_MAX = 1_000;

/** A reader over the broker's log. */
export function createHistoryReader(broker: Pick<Broker, 'read'>): HistoryReader {
  return {
    async list(channel, limit) {
      const page = await broker.read(channel, { limit: Math.min(Math.max(limit, 1), HISTORY_LIMIT_MAX) });
      if (!page.ok) return err(page.error);
      return ok({ position: page.value.head, publications: page.value.publications });
    },
  };
}
