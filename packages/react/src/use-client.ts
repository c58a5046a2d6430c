import type { ChannelMap, Client } from '@kittiwake/client';
import { useContext } from 'react';
import { ClientContext } from './client-context.ts';

/**
 * The client of the nearest `KittiwakeProvider`. Throws where there is none: that is a mistake in the application.
 * @example const client = useClient<Chat>();
 */
export function useClient<Channels extends ChannelMap = Record<never, never>>(): Client<Channels> {
  const client = useContext(ClientContext);
  if (client === undefined) throw new Error('useClient: there is no KittiwakeProvider above this component');
  return client as unknown as Client<Channels>;
}
