import { laneName } from './lane.ts';
import { missingRanges, type NumberRange } from './number-ranges.ts';
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
  const open = openNumbers(publishes);
  return {
    publishes: publishes.sort((one, other) => one.order - other.order),
    lanes: lanes.slice(0, LANES_MAX).map(lane => heardOf(lane, open.get(nameOf(lane)) ?? [])),
    stale: lanes.slice(LANES_MAX).map(nameOf),
    damaged: damaged + read.filter(stored => stored === undefined).length,
  };
}

/** By lane, the numbers of what is left. */
function openNumbers(publishes: readonly StoredPublish[]): ReadonlyMap<string, readonly NumberRange[]> {
  const open = new Map<string, NumberRange[]>();
  for (const { message, producer, number } of publishes) {
    if (producer === undefined || number === undefined) continue;
    const name = laneName(message.channel, producer);
    const range = { from: number.sequence, to: number.sequence };
    open.set(name, [...(open.get(name) ?? []), range]);
  }
  return open;
}

/**
 * The record of a lane is as old as its last number, and knows what was heard until then. A number of which it had not
 * heard, and which is neither left nor over, was acknowledged after that.
 */
function heardOf(lane: StoredLane, open: readonly NumberRange[]): StoredLane {
  const settled = missingRanges([...lane.over, ...open], { from: lane.heard + 1, to: lane.last });
  return settled.length === 0 ? lane : { ...lane, heardAtMs: lane.atMs };
}

function nameOf({ channel, producer }: StoredLane): string {
  return laneName(channel, producer);
}
