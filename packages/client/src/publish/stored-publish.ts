import { type ChannelName, jsonCodec, type Publish } from '@kittiwake/protocol';
import type { KeyedPublish } from './encode-publish.ts';
import { type Entry, entryId } from './entry.ts';
import { type Lane, type LaneNumber, type LaneState, laneName, type ProducerLife } from './lane.ts';
import type { NumberRange } from './number-ranges.ts';
import type { StoredRecord } from './publish-store.ts';

/** A publish as an earlier life of the application left it. */
export type StoredPublish = {
  readonly message: KeyedPublish;
  readonly order: number;
  readonly atMs: number;
  readonly republish: boolean;
  readonly producer?: ProducerLife;
  readonly number?: LaneNumber;
};

/** The numbers of a lane as they were when one was given last. */
export type StoredLane = LaneState & {
  readonly channel: ChannelName;
  readonly producer: ProducerLife;
  /** Wall-clock time; lanes that were not used for long are forgotten first. */
  readonly atMs: number;
};

/** What a record says. */
export type Stored =
  | ({ readonly kind: 'publish' } & StoredPublish)
  | ({ readonly kind: 'lane' } & StoredLane);

/** The record of a publish, with its number where it has one. */
export function publishRecord(entry: Entry): StoredRecord {
  const { message, order, atMs, republish, lane, number } = entry;
  const stored = { kind: 'publish', message, order, atMs, republish, producer: lane?.producer, ...number };
  return { id: entryId(message), text: JSON.stringify(stored) };
}

/** The record of a lane: its numbers outlive the publishes that bore them. */
export function laneRecord({ channel, producer, state }: Lane, atMs: number): StoredRecord {
  const stored: Stored = { kind: 'lane', channel, producer, ...state, atMs };
  return { id: laneName(channel, producer), text: JSON.stringify(stored) };
}

/** Reads a record; `undefined` where it is none of this version. */
export function parseRecord({ text }: StoredRecord): Stored | undefined {
  const { kind, ...fields } = fieldsOf(parse(text));
  return kind === 'lane' ? parseLane(fields) : kind === 'publish' ? parsePublish(fields) : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

type Fields = { readonly [name: string]: unknown };

/** Fields that are absent are of a version that did not know them: one gave numbers anew, one did not say which it had heard of. */
function parseLane(fields: Fields): Stored | undefined {
  const { channel, producer, last, tail = last, over = [], heardAtMs = 0, atMs } = fields;
  const life = producerOf(producer);
  if (typeof channel !== 'string' || life === undefined || !isCount(last) || typeof atMs !== 'number')
    return undefined;
  const { heard = heardAtMs === 0 ? 0 : Math.max(0, last - 1) } = fields;
  if (!isCount(tail) || !Array.isArray(over) || !isCount(heard) || typeof heardAtMs !== 'number')
    return undefined;
  const ranges = over.flatMap(range => rangeOf(range) ?? []);
  return {
    kind: 'lane',
    channel: channel as ChannelName,
    producer: life,
    last,
    tail,
    over: ranges,
    heard,
    heardAtMs,
    atMs,
  };
}

function rangeOf(value: unknown): NumberRange | undefined {
  const { from, to } = fieldsOf(value);
  return isCount(from) && isCount(to) ? { from, to } : undefined;
}

function numberOf({ sequence, follows }: Fields): LaneNumber | undefined {
  if (!isCount(sequence)) return undefined;
  return { sequence, follows: isCount(follows) ? follows : sequence - 1 };
}

function parsePublish(fields: Fields): Stored | undefined {
  const { message, order, atMs, republish, producer } = fields;
  const publish = messageOf(message);
  if (publish === undefined || !isInteger(order) || typeof atMs !== 'number') return undefined;
  const life = producerOf(producer);
  const number = numberOf(fields);
  return {
    kind: 'publish',
    message: publish,
    order,
    atMs,
    republish: republish === true,
    ...(life === undefined ? {} : { producer: life }),
    ...(number === undefined ? {} : { number }),
  };
}

/** Checked by the decoder of the wire, which knows every bound. */
function messageOf(message: unknown): KeyedPublish | undefined {
  const decoded = jsonCodec.decodeClient(JSON.stringify(message ?? null));
  if (!decoded.ok || decoded.value.type !== 'publish') return undefined;
  const { key, ...publish }: Publish = decoded.value;
  return key === undefined ? undefined : { ...publish, key };
}

function producerOf(value: unknown): ProducerLife | undefined {
  const { id, epoch } = fieldsOf(value);
  return typeof id === 'string' && isCount(epoch) ? { id, epoch } : undefined;
}

function isInteger(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value);
}

function isCount(value: unknown): value is number {
  return isInteger(value) && value >= 0;
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
