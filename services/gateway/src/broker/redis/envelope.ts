import { err, ok, type Result } from '@kittiwake/base';
import type { ChannelName, Json, PresenceEntry, Publication, SessionId } from '@kittiwake/protocol';
import type { PublicationEntry } from '../broker.ts';
import type { ControlMessage, ListedGateway } from '../gateway-bus.ts';
import type { PresenceChange } from '../presence-store.ts';
import { CONTROL_TOPIC, channelOf } from './keys.ts';

/**
 * What travels on the topics, as text:
 * `p <offset> <epoch> <entry>` and `m <change>` on a channel's, a control message on `kw:control`, a number on a canary's.
 */
export type BusRecord =
  | { readonly kind: 'publication'; readonly publication: Publication }
  | { readonly kind: 'presence'; readonly change: PresenceChange }
  | { readonly kind: 'control'; readonly message: ControlMessage }
  | { readonly kind: 'canary'; readonly topic: string; readonly serial: number };

/** Why a text is no record. It is dropped and counted in the log; the publications are found again in the history. */
export type EnvelopeFailure = {
  readonly kind: 'unknown_topic' | 'unknown_record' | 'malformed_record' | 'too_large';
};

/** The largest text that is read: a publication of the wire's bound, escaped, and its position; or a wave of leaving members. */
const RECORD_LENGTH_MAX = 1_048_576;
const CANARY = /^kw:canary:/;
const EPOCH = /^[A-Za-z0-9_-]{1,64}$/;

/** Reads what arrived on a topic. Never throws. */
export function readRecord(topic: string, text: string): Result<BusRecord, EnvelopeFailure> {
  if (text.length > RECORD_LENGTH_MAX) return err({ kind: 'too_large' });
  const channel = channelOf(topic);
  if (channel !== undefined) return readChannelRecord(channel, text);
  if (topic === CONTROL_TOPIC) {
    const message = parse(text);
    return isControlMessage(message) ? ok({ kind: 'control', message }) : err({ kind: 'malformed_record' });
  }
  if (!CANARY.test(topic)) return err({ kind: 'unknown_topic' });
  const serial = Number(text);
  return Number.isSafeInteger(serial)
    ? ok({ kind: 'canary', topic, serial })
    : err({ kind: 'malformed_record' });
}

/** The body of a publication: everything but its channel and position, which are known where it is kept. */
export function writeBody(entry: PublicationEntry): string {
  return JSON.stringify(entry);
}

/** Makes a publication of a body and where it stands; `undefined` where the body is none. */
export function readBody(
  body: string,
  place: { readonly channel: ChannelName; readonly offset: number; readonly epoch: string },
): Publication | undefined {
  const entry = parse(body);
  if (!isEntry(entry)) return undefined;
  return {
    type: 'publication',
    channel: place.channel,
    event: entry.event,
    version: entry.version,
    data: entry.data,
    position: { offset: place.offset, epoch: place.epoch },
    atMs: entry.atMs,
    ...(entry.user !== undefined && { user: entry.user }),
    ...(entry.member !== undefined && { member: entry.member }),
    ...(entry.traceparent !== undefined && { traceparent: entry.traceparent }),
  };
}

/** Reads an entry of presence; `undefined` where it is none. */
export function readPresenceEntry(text: string): PresenceEntry | undefined {
  const entry = parse(text);
  return isPresenceEntry(entry) ? entry : undefined;
}

/** Reads what a gateway announced; `undefined` where it is nothing of the kind. */
export function readGatewayInfo(text: string): ListedGateway | undefined {
  const info = parse(text);
  if (!isRecord(info)) return undefined;
  const numbers = ['connections', 'sessions', 'channels', 'startedAtMs'].every(
    name => typeof info[name] === 'number',
  );
  const texts = typeof info['gateway'] === 'string' && typeof info['version'] === 'string';
  const heard = info['heardAgoMs'] === undefined || typeof info['heardAgoMs'] === 'number';
  return numbers && texts && heard && typeof info['draining'] === 'boolean'
    ? (info as ListedGateway)
    : undefined;
}

function readChannelRecord(channel: ChannelName, text: string): Result<BusRecord, EnvelopeFailure> {
  if (text.startsWith('p ')) {
    const offsetEnd = text.indexOf(' ', 2);
    const epochEnd = text.indexOf(' ', offsetEnd + 1);
    const offset = Number(text.slice(2, offsetEnd));
    const epoch = text.slice(offsetEnd + 1, epochEnd);
    if (offsetEnd < 0 || epochEnd < 0 || !Number.isSafeInteger(offset) || offset < 1 || !EPOCH.test(epoch))
      return err({ kind: 'malformed_record' });
    const publication = readBody(text.slice(epochEnd + 1), { channel, offset, epoch });
    return publication === undefined
      ? err({ kind: 'malformed_record' })
      : ok({ kind: 'publication', publication });
  }
  if (!text.startsWith('m ')) return err({ kind: 'unknown_record' });
  const change = parse(text.slice(2));
  if (!isRecord(change) || !isArrayOf(change['set'], isPresenceEntry) || !isArrayOf(change['left'], isText))
    return err({ kind: 'malformed_record' });
  const left = change['left'] as readonly SessionId[];
  return ok({ kind: 'presence', change: { channel, set: change['set'], left } });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is { readonly [name: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isTextOrAbsent(value: unknown): boolean {
  return value === undefined || typeof value === 'string';
}

function isNumberOrAbsent(value: unknown): boolean {
  return value === undefined || typeof value === 'number';
}

function isArrayOf<T>(value: unknown, is: (element: unknown) => element is T): value is readonly T[] {
  return Array.isArray(value) && value.every(is);
}

function isEntry(value: unknown): value is PublicationEntry {
  return (
    isRecord(value) &&
    isText(value['event']) &&
    Number.isSafeInteger(value['version']) &&
    Number.isSafeInteger(value['atMs']) &&
    (value['data'] as Json | undefined) !== undefined &&
    isTextOrAbsent(value['user']) &&
    isTextOrAbsent(value['member']) &&
    isTextOrAbsent(value['traceparent'])
  );
}

function isPresenceEntry(value: unknown): value is PresenceEntry {
  return isRecord(value) && isText(value['member']) && isText(value['user']) && value['data'] !== undefined;
}

function isControlMessage(value: unknown): value is ControlMessage {
  if (!isRecord(value)) return false;
  switch (value['type']) {
    case 'disconnect-user':
      return isText(value['user']);
    case 'disconnect-session':
      return isText(value['session']);
    case 'session-continued':
      return isText(value['session']) && isText(value['gateway']) && isNumberOrAbsent(value['attempt']);
    default:
      return false;
  }
}
