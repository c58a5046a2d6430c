export { KittiwakeProvider, type KittiwakeProviderProps } from './client-provider.ts';
export { useChannel } from './use-channel.ts';
export { useChannelEvent } from './use-channel-event.ts';
export { useClient } from './use-client.ts';
export { useConnectionStatus } from './use-connection-status.ts';
export { useLatest } from './use-latest.ts';
export { usePresence } from './use-presence.ts';
export { usePublish } from './use-publish.ts';
export { useTruncated } from './use-truncated.ts';
