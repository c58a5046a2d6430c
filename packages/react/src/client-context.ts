import type { ChannelMap, Client } from '@kittiwake/client';
import { createContext } from 'react';

/** Where the hooks find their client. */
export const ClientContext = createContext<Client<ChannelMap> | undefined>(undefined);
