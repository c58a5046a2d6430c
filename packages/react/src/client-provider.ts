import type { ChannelMap, Client } from '@kittiwake/client';
import { createElement, type ReactNode, useEffect } from 'react';
import { ClientContext } from './client-context.ts';

/** Properties of `KittiwakeProvider`. */
export type KittiwakeProviderProps<Channels extends ChannelMap> = {
  /** Made by the application, once, outside of any component; the application closes it. */
  readonly client: Client<Channels>;
  /** Connect when mounted. Default true. */
  readonly connect?: boolean;
  readonly children?: ReactNode;
};

/**
 * Gives a client to the hooks below it, and connects it. Nothing happens while rendering, so it renders on servers.
 * @example
 * const client = createClient({ url, token });
 * root.render(<KittiwakeProvider client={client}><Chat /></KittiwakeProvider>);
 */
export function KittiwakeProvider<Channels extends ChannelMap>(
  props: KittiwakeProviderProps<Channels>,
): ReactNode {
  const { client, connect = true, children } = props;
  useEffect(() => {
    if (connect && client.status.phase === 'idle') client.connect();
  }, [client, connect]);
  return createElement(ClientContext.Provider, { value: client as unknown as Client<ChannelMap> }, children);
}
