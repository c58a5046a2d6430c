import type { Brand } from '../../base/src/brand.ts';
import { LIMITS } from './limits.ts';

/** Name of a channel that was checked: letters, digits and `_-.@`, in segments divided by `:`. */
export type ChannelName = Brand<string, 'ChannelName'>;

/** Name of an event that was checked: `namespace:entity:action` by convention, one to four segments. */
export type EventName = Brand<string, 'EventName'>;

/** A session's id, which is also the member's id in presence. */
export type SessionId = Brand<string, 'SessionId'>;

/** The user that a token speaks for: its `sub`. */
export type UserId = Brand<string, 'UserId'>;

/** One gateway process; its pod's name on Kubernetes. */
export type GatewayId = Brand<string, 'GatewayId'>;

/** Correlates a request with its answer: an integer chosen by the one who asks, from 1 to 2^31 − 1. */
export type Ref = number;

export const REF_MAX = 2 ** 31 - 1;

const CHANNEL = /^[A-Za-z0-9_\-.@]+(?::[A-Za-z0-9_\-.@]+)*$/;
const EVENT = /^[A-Za-z0-9_-]+(?::[A-Za-z0-9_-]+){0,3}$/;

/** Whether `text` may name a channel. */
export function isChannelName(text: string): text is ChannelName {
  return text.length <= LIMITS.channelNameBytesMax && CHANNEL.test(text);
}

/** Whether `text` may name an event. */
export function isEventName(text: string): text is EventName {
  return text.length <= LIMITS.eventNameBytesMax && EVENT.test(text);
}
