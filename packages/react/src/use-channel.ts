import type { Channel, ChannelMap, ChannelStart, ChannelState, EventsOf } from '@kittiwake/client';
import { useCallback, useEffect, useSyncExternalStore } from 'react';
import { holdChannel } from './channel-lease.ts';
import { useClient } from './use-client.ts';

const DETACHED: ChannelState = { phase: 'detached' };

/**
 * Joins the channel while the component is mounted, and renders again when the membership changes. Several components
 * share one membership; `start` counts for the first of them. `detached` on servers.
 * @example
 * const { channel, state } = useChannel<Chat, 'chat:42'>('chat:42', { presence: { name: 'Ada' } });
 */
export function useChannel<Channels extends ChannelMap = Record<never, never>, Name extends string = string>(
  name: Name,
  start?: ChannelStart,
): { readonly channel: Channel<EventsOf<Channels, Name>>; readonly state: ChannelState } {
  const channel = useClient<Channels>().channel(name, start);
  useEffect(() => holdChannel(channel), [channel]);
  const subscribe = useCallback((changed: () => void) => channel.on('state', changed), [channel]);
  const state = useSyncExternalStore(
    subscribe,
    () => channel.state,
    () => DETACHED,
  );
  return { channel, state };
}
