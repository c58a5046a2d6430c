import { assert, ok, type Result } from '@kittiwake/base';
import type { ChannelName, Position } from '@kittiwake/protocol';
import type { BrokerFailure } from '../broker.ts';
import { historyKey, stateKey, topicOf } from './keys.ts';
import type { Lane } from './lane.ts';
import type { RedisClient } from './redis-client.ts';
import { HIDDEN_MAX, RETENTION_MS } from './redis-timing.ts';

/** What is to be shown once a replica holds it: everything of the channel up to a position (SPEC C11). */
export type Hidden = { readonly channel: ChannelName; readonly upTo: Position };

/** What one call shows at most: a script blocks the server, and announcements fill the buffers of subscribers. */
const ENTRIES_MAX = 500;
const BYTES_MAX = 1_048_576;
/** Calls until everything that may be hidden is shown, were every entry as large as it can be. */
const CALLS_MAX = HIDDEN_MAX;
/** Before the first entry of any log: up to here there is nothing to show. */
const NOTHING: Position = { offset: 0, epoch: '' };

/**
 * Shows what is hidden up to a position, on the connection of `generation`: on another one, the entry that stands there may
 * not be the one that a replica holds. False where that is not known to be done, or the position is not in the log any more.
 */
export async function reveal(lane: Lane, hidden: Hidden, generation: number): Promise<boolean> {
  for (let calls = 0; calls < CALLS_MAX; calls += 1) {
    if (lane.link?.generation !== generation) return false;
    const reply = await lane.call({ operation: 'reveal', writes: true }, client => run(client, hidden));
    if (!reply.ok || reply.value === undefined) return false;
    if (reply.value.shownTo >= hidden.upTo.offset) return true;
  }
  return false;
}

/**
 * What of a channel may be hidden now. It shows nothing, and writes all the same, so that a WAIT that follows on this
 * connection covers everything that was stored before.
 */
export async function hiddenOf(lane: Lane, channel: ChannelName): Promise<Result<Hidden, BrokerFailure>> {
  const reply = await lane.call({ operation: 'reveal', writes: true }, client =>
    run(client, { channel, upTo: NOTHING }),
  );
  if (!reply.ok) return reply;
  assert(reply.value !== undefined, 'every log has what shows nothing');
  return ok({ channel, upTo: reply.value.head });
}

/** How far the channel is shown afterwards, and how far it goes. */
type Shown = { readonly shownTo: number; readonly head: Position };

/** `undefined` where the log does not have the position. */
async function run(client: RedisClient, { channel, upTo }: Hidden): Promise<Shown | undefined> {
  const reply = await client.run('kwReveal', [
    stateKey(channel),
    historyKey(channel),
    upTo.offset,
    upTo.epoch,
    topicOf(channel),
    ENTRIES_MAX,
    BYTES_MAX,
    RETENTION_MS,
  ]);
  assert(Array.isArray(reply), 'the reveal script gives a list');
  const [shownTo, offset, epoch] = reply;
  return offset === undefined
    ? undefined
    : { shownTo: Number(shownTo), head: { offset: Number(offset), epoch: String(epoch) } };
}
