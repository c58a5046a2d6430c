import type { Channel } from './channel.ts';

/**
 * Whether publishes in a channel may be sent. They wait while it is being joined, so that the replay comes before their
 * answers. They do not wait for a handler of `process`, which may itself wait for its publish.
 */
export function mayPublish(channel: Channel<never> | undefined): boolean {
  if (channel === undefined) return true;
  const { state, membership } = channel;
  return !membership.isMoving && (state.phase !== 'joining' || state.step === 'paused');
}
