import type { ConnectionStatus } from '@kittiwake/client';
import { useCallback, useSyncExternalStore } from 'react';
import { useClient } from './use-client.ts';

const IDLE: ConnectionStatus = { phase: 'idle' };

/**
 * How the connection stands; renders again when it changes. `idle` on servers.
 * @example const { phase } = useConnectionStatus();
 */
export function useConnectionStatus(): ConnectionStatus {
  const client = useClient();
  const subscribe = useCallback((changed: () => void) => client.on('status', changed), [client]);
  return useSyncExternalStore(
    subscribe,
    () => client.status,
    () => IDLE,
  );
}
