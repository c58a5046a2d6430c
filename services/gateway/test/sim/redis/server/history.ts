import { assert } from '@kittiwake/base';
import type { Effects, Keyspace, Write } from '../keyspace/keyspace.ts';

/** Where a server's data stands: everything that a history has up to an index. */
export type Point = { readonly history: History; readonly index: number };

/** What a history begins with. */
export type HistoryParts = {
  readonly replid: string;
  /** Who writes it. */
  readonly leader: string;
  /** The data that was there before; absent where there was none. */
  readonly origin?: Point;
  /** Whether replicas of the origin may go on here without a copy, as after a promotion (`master_replid2`). */
  readonly continues: boolean;
};

/**
 * What one primary wrote from its start or promotion on, in units that replicas apply whole. Histories form a tree, and
 * a server's data is a point in it: following, losing and copying data move points, and data is made of it when needed.
 */
export class History {
  readonly replid: string;
  readonly leader: string;
  readonly origin: Point | undefined;
  readonly continues: boolean;
  readonly #units: Effects[] = [];
  readonly #writtenAtMs: number[] = [];

  constructor({ replid, leader, origin, continues }: HistoryParts) {
    this.replid = replid;
    this.leader = leader;
    this.origin = origin;
    this.continues = continues && origin !== undefined;
  }

  get length(): number {
    return this.#units.length;
  }

  /** Where the primary itself stands. */
  get head(): Point {
    return { history: this, index: this.#units.length };
  }

  append(unit: Effects, nowMs: number): void {
    this.#units.push(unit);
    this.#writtenAtMs.push(nowMs);
  }

  unit(index: number): Effects {
    const unit = this.#units[index];
    assert(unit !== undefined, 'the history has this unit');
    return unit;
  }

  writtenAtMs(index: number): number {
    return this.#writtenAtMs[index] ?? Number.POSITIVE_INFINITY;
  }
}

/** Units from the very first one: the replication offset by which Sentinels compare replicas. */
export function offsetOf({ history, index }: Point): number {
  return index + (history.origin === undefined ? 0 : offsetOf(history.origin));
}

/** The last point on the way to `point` that was written by `atMs`: what a file synced at that moment has. */
export function pointBefore(point: Point, atMs: number): Point {
  let { index } = point;
  while (index > 0 && point.history.writtenAtMs(index - 1) > atMs) index -= 1;
  const { origin } = point.history;
  return index === 0 && origin !== undefined ? pointBefore(origin, atMs) : { history: point.history, index };
}

/** Whether a replica that stands at `at` gets what it lacks of `history`; otherwise it needs a copy of everything. */
export function continuesFrom(history: History, at: Point): boolean {
  if (at.history === history) return true;
  const { origin } = history;
  return history.continues && origin?.history === at.history && at.index <= origin.index;
}

/** A piece of a history. */
export type Span = { readonly history: History; readonly from: number; readonly to: number };

/** What `point` has and `other` has not. */
export function spansOff(point: Point, other: Point): readonly Span[] {
  const { history, index } = point;
  const common = indexIn(history, other);
  const from = common ?? 0;
  const own = index > from ? [{ history, from, to: index }] : [];
  if (common !== undefined || history.origin === undefined) return own;
  return [...spansOff(history.origin, other), ...own];
}

/** Whether a server that stands at `at` holds the unit that `place` names. */
export function stands(at: Point, place: Point): boolean {
  return (indexIn(place.history, at) ?? 0) > place.index;
}

/** How far the way to `point` goes through `history`. */
function indexIn(history: History, point: Point): number | undefined {
  if (point.history === history) return point.index;
  return point.history.origin === undefined ? undefined : indexIn(history, point.history.origin);
}

/** Moves data from one point to another, by applying what lies between or, where nothing leads there, from nothing. */
export function moveData(data: Keyspace, from: Point, to: Point): void {
  assert(data.effects === undefined, 'what is applied is not told again');
  if (!leadsTo(from, to)) data.clear();
  apply(data, leadsTo(from, to) ? from : undefined, to);
}

function leadsTo(from: Point, to: Point): boolean {
  if (from.history === to.history) return from.index <= to.index;
  return to.history.origin !== undefined && leadsTo(from, to.history.origin);
}

function apply(data: Keyspace, from: Point | undefined, { history, index }: Point): void {
  const start = from?.history === history ? from.index : 0;
  if (from?.history !== history && history.origin !== undefined) apply(data, from, history.origin);
  for (let at = start; at < index; at += 1) {
    const unit = history.unit(at);
    for (let part = 0; part < unit.length; part += 3)
      (unit[part] as Write).apply(data, unit[part + 1] as readonly string[], unit[part + 2] as number);
  }
}
