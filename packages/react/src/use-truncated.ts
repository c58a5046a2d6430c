import type { Channel, ChannelEvents } from '@kittiwake/client';
import { useEffect } from 'react';
import { useLatest } from './use-latest.ts';

/**
 * Calls `handler` when publications that were seen are no longer part of the channel: undo `from`–`to`; what the channel
 * has in their place follows. Always the handler of the latest render.
 * @example useTruncated(channel, ({ from }) => setMessages(all => all.filter(({ offset }) => offset < from)));
 */
export function useTruncated<Events>(
  channel: Channel<Events>,
  handler: (change: ChannelEvents<Events>['truncated']) => void,
): void {
  const latest = useLatest(handler);
  useEffect(() => channel.onTruncated(change => latest.current(change)), [channel, latest]);
}
