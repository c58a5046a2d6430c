import type { ChannelName, Producer } from '@kittiwake/protocol';

/** Every key and topic in Redis. All begin with `kw:`, which is what the ACL of the user `gateway` covers. */

const TOPIC = /^kw:\{([^{}]+)\}$/;

/** Where a channel's publications and changes of presence are announced. The braces keep a channel's keys together. */
export function topicOf(channel: ChannelName): string {
  return `kw:{${channel}}`;
}

/** The channel of a topic, `undefined` where it is not one of a channel. */
export function channelOf(topic: string): ChannelName | undefined {
  return TOPIC.exec(topic)?.[1] as ChannelName | undefined;
}

/**
 * Hash: `offset` of the head, `epoch` of the newest link, `chain`, `age` of the history in ms; and, where publications are
 * hidden until a replica holds them, the last offset that is `shown`.
 */
export function stateKey(channel: ChannelName): string {
  return `kw:{${channel}}:state`;
}

/** Stream: entry `<offset>-0` with `t`, when it was stored by Redis' clock, and `b`, the body. */
export function historyKey(channel: ChannelName): string {
  return `kw:{${channel}}:history`;
}

/** String `offset epoch`, remembered for as long as the key of a publish is. */
export function idempotencyKey(channel: ChannelName, key: string): string {
  return `kw:{${channel}}:key:${key}`;
}

/** Hash: `epoch` of a producer, the `first` number that is known of it, the `last`, and the epoch of the `history` that has that. */
export function producerKey(channel: ChannelName, { id }: Producer): string {
  return `kw:{${channel}}:producer:${id}`;
}

/** String `offset epoch` of one number of a producer. No id has a colon, so that this is no other producer's key. */
export function numberKey(channel: ChannelName, { id, epoch, sequence }: Producer): string {
  return `kw:{${channel}}:producer:${id}:${epoch}:${sequence}`;
}

/** Hash: member → `owner entry`. The sweep script makes the same name. */
export function membersKey(channel: ChannelName): string {
  return `kw:{${channel}}:members`;
}

/** Sorted set: member → when it expires. The sweep script makes the same name. */
export function expiriesKey(channel: ChannelName): string {
  return `kw:{${channel}}:expiries`;
}

/** Sorted set: channel → when to look for expired members. */
export const PRESENCE_INDEX_KEY = 'kw:presence';

/** Hash: gateway → what it announced; sorted set: gateway → when it expires. */
export const GATEWAYS_KEY = 'kw:gateways';
export const GATEWAY_EXPIRIES_KEY = 'kw:gateways:expiries';

/** String: written by whichever gateway finds it missing, so that a database that was emptied shows (SPEC B9). */
export const GENERATION_KEY = 'kw:generation';

/** A key that holds nothing and a topic that nobody hears: what a gateway may do is tried on them (SPEC B10). */
export const PROBE_KEY = 'kw:probe';
export const PROBE_TOPIC = 'kw:probe';

/** Where control messages are announced. */
export const CONTROL_TOPIC = 'kw:control';

/** Where one gateway's canaries go and come back. */
export function canaryTopic(instance: string): string {
  return `kw:canary:${instance}`;
}
