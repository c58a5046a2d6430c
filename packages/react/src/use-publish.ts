import type { Channel, EventNameOf, PublishOptions, PublishOutcome } from '@kittiwake/client';
import { useCallback } from 'react';

/**
 * A function that publishes `event`; the same one until channel or event change.
 * @example
 * const send = usePublish(channel, 'chat:message:send');
 * const outcome = await send({ text: 'hello' });
 */
export function usePublish<Events, Name extends EventNameOf<Events>>(
  channel: Channel<Events>,
  event: Name,
): (data: Events[Name], options?: PublishOptions) => Promise<PublishOutcome> {
  return useCallback(
    (data: Events[Name], options?: PublishOptions) => channel.publish(event, data, options),
    [channel, event],
  );
}
