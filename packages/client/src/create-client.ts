import { Client } from './client.ts';
import { type ClientOptions, settingsOf } from './client-options.ts';
import type { ChannelMap } from './typed-events.ts';

/**
 * Makes a client. `Channels` says which events its channels carry, and types publishes and listeners.
 * @example
 * const client = createClient<{ 'chat:*': { 'chat:message:send': { text: string } } }>({
 *   url: 'wss://realtime.example.com/v1/ws',
 *   token: async () => (await fetch('/token', { method: 'POST' })).text(),
 * });
 * client.connect();
 * const channel = client.channel('chat:42');
 * channel.onEvent('chat:message:send', ({ data }) => console.log(data.text));
 * await channel.join();
 * await channel.publish('chat:message:send', { text: 'hello' });
 */
export function createClient<Channels extends ChannelMap = Record<never, never>>(
  options: ClientOptions,
): Client<Channels> {
  return new Client<Channels>(settingsOf(options));
}
