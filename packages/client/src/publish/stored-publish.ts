import { type ChannelName, jsonCodec, type Publish } from '@kittiwake/protocol';
import type { KeyedPublish } from './encode-publish.ts';
import { type Entry, entryId } from './entry.ts';
import { type Lane, laneName, type ProducerLife } from './lane.ts';
import type { StoredRecord } from './publish-store.ts';

/** A publish as an earlier life of the application left it. */
export type StoredPublish = {
  readonly message: KeyedPublish;
  readonly order: number;
  readonly atMs: number;
  readonly republish: boolean;
  readonly producer?: ProducerLife;
  readonly sequence?: number;
};

/** The last number that was given in a lane. */
export type StoredLane = {
  readonly channel: ChannelName;
  readonly producer: ProducerLife;
  readonly last: number;
  /** Wall-clock time; lanes that were not used for long are forgotten first. */
  readonly atMs: number;
};

/** What a record says. */
export type Stored =
  | ({ readonly kind: 'publish' } & StoredPublish)
  | ({ readonly kind: 'lane' } & StoredLane);

/** The record of a publish, with its number where it has one. */
export function publishRecord(entry: Entry): StoredRecord {
  const { message, order, atMs, republish, lane, sequence } = entry;
  const stored = { kind: 'publish', message, order, atMs, republish, producer: lane?.producer, sequence };
  return { id: entryId(message), text: JSON.stringify(stored) };
}

/** The record of a lane: its numbers outlive the publishes that bore them. */
export function laneRecord({ channel, producer, last }: Lane, atMs: number): StoredRecord {
  const stored: Stored = { kind: 'lane', channel, producer, last, atMs };
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

function parseLane({ channel, producer, last, atMs }: Fields): Stored | undefined {
  const life = producerOf(producer);
  if (typeof channel !== 'string' || life === undefined || !isCount(last) || typeof atMs !== 'number')
    return undefined;
  return { kind: 'lane', channel: channel as ChannelName, producer: life, last, atMs };
}

function parsePublish({ message, order, atMs, republish, producer, sequence }: Fields): Stored | undefined {
  const publish = messageOf(message);
  if (publish === undefined || !isInteger(order) || typeof atMs !== 'number') return undefined;
  const life = producerOf(producer);
  return {
    kind: 'publish',
    message: publish,
    order,
    atMs,
    republish: republish === true,
    ...(life === undefined ? {} : { producer: life }),
    ...(isCount(sequence) ? { sequence } : {}),
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
