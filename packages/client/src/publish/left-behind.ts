import { laneName } from './lane.ts';
import type { StoreContent } from './publish-store.ts';
import { parseRecord, type StoredLane, type StoredPublish } from './stored-publish.ts';

/** More lanes than this are not remembered from one life to the next; those that were used last are. */
const LANES_MAX = 256;

/** What an earlier life of the application left in its store. */
export type LeftBehind = {
  /** In the order in which they were published. */
  readonly publishes: readonly StoredPublish[];
  readonly lanes: readonly StoredLane[];
  /** Ids of records that are of no use any more. */
  readonly stale: readonly string[];
  /** Records that cannot be read. */
  readonly damaged: number;
};

/** Reads what a store held. */
export function leftBehind({ records, damaged }: StoreContent): LeftBehind {
  const read = records.map(parseRecord);
  const publishes = read.filter(stored => stored?.kind === 'publish');
  const lanes = read.filter(stored => stored?.kind === 'lane').sort((one, other) => other.atMs - one.atMs);
  return {
    publishes: publishes.sort((one, other) => one.order - other.order),
    lanes: lanes.slice(0, LANES_MAX).map(lane => heardOf(lane, publishes)),
    stale: lanes.slice(LANES_MAX).map(({ channel, producer }) => laneName(channel, producer)),
    damaged: damaged + read.filter(stored => stored === undefined).length,
  };
}

/** The record of a lane is as old as its last number, whose acknowledgement came after it: that one is settled, unless it is left as well. */
function heardOf(lane: StoredLane, publishes: readonly StoredPublish[]): StoredLane {
  const name = laneName(lane.channel, lane.producer);
  const isOpen = publishes.some(
    ({ message, producer, number }) =>
      number?.sequence === lane.last && producer && laneName(message.channel, producer) === name,
  );
  return isOpen ? lane : { ...lane, heardAtMs: lane.atMs };
}
