import type { Channel, PresenceView } from '@kittiwake/client';
import { useCallback, useSyncExternalStore } from 'react';

const NOBODY: PresenceView = [];

/**
 * Who is in the channel; renders again when somebody comes, goes or changes. Empty on servers.
 * @example const members = usePresence(channel);
 */
export function usePresence<Events>(channel: Channel<Events>): PresenceView {
  const subscribe = useCallback((changed: () => void) => channel.on('presence', changed), [channel]);
  return useSyncExternalStore(
    subscribe,
    () => channel.presence,
    () => NOBODY,
  );
}
