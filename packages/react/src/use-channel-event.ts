import type { Channel, EventNameOf, PublicationOf } from '@kittiwake/client';
import { useEffect } from 'react';
import { useLatest } from './use-latest.ts';

/**
 * Calls `handler` for each publication of `event`, always the handler of the latest render.
 * @example useChannelEvent(channel, 'chat:message:send', ({ data }) => setMessages(all => [...all, data]));
 */
export function useChannelEvent<Events, Name extends EventNameOf<Events>>(
  channel: Channel<Events>,
  event: Name,
  handler: (publication: PublicationOf<Events, Name>) => void,
): void {
  const latest = useLatest(handler);
  useEffect(
    () => channel.onEvent(event, publication => latest.current(publication)),
    [channel, event, latest],
  );
}
