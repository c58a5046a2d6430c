import type { Ack, ChannelName, EventName, Json, Publish } from '@kittiwake/protocol';
import type { TestPeer } from './test-peer.ts';

/** Channels of the test configuration, of every sort. */
export const CHAT = 'chat:42' as ChannelName;
export const SHORT = 'short:1' as ChannelName;
export const LONG = 'long:1' as ChannelName;
export const QUIET = 'quiet:1' as ChannelName;
export const NOW = 'now:1' as ChannelName;
export const SAFE = 'safe:1' as ChannelName;
export const OPEN = 'open:1' as ChannelName;

/** The event that chat channels have a schema for. */
export const SEND = 'chat:message:send' as EventName;

/** A text, and how it is published. */
export type Said = Pick<Publish, 'ack' | 'key' | 'producer' | 'version'> & { readonly text: string };

/** Publishes a text and waits for the acknowledgement. */
export function say(peer: TestPeer, channel: ChannelName, said: string | Said): Promise<Ack> {
  const { text, ...over } = typeof said === 'string' ? { text: said } : said;
  return peer.ask({ type: 'publish', channel, event: SEND, data: { text }, ...over }, 'ack');
}

/** Publishes `count` numbered messages, one after another. */
export async function sayMany(peer: TestPeer, channel: ChannelName, count: number): Promise<void> {
  for (let n = 1; n <= count; n += 1) await say(peer, channel, `message ${n}`);
}

/** The texts of publications. */
export function texts(publications: readonly { readonly data: Json }[]): readonly unknown[] {
  return publications.map(({ data }) => (data as { readonly text: unknown }).text);
}
