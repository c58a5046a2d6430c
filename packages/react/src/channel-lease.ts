import type { Channel } from '@kittiwake/client';

type Member = Pick<Channel<never>, 'join' | 'leave'>;

const holders = new WeakMap<Member, number>();

/**
 * Joins a channel for as long as anybody holds it; the function that is returned lets go, and the last one leaves.
 * Leaving waits for the end of the task: StrictMode, and a component that replaces another, let go and hold again at once.
 *
 *     mount ▶ hold (1, join)   unmount ▶ release (0)   mount ▶ hold (1)   microtask: 1 holder, stay
 */
export function holdChannel(channel: Member): () => void {
  const count = holders.get(channel) ?? 0;
  holders.set(channel, count + 1);
  // Joining a channel that is joined already does nothing; the promise never rejects, and `state` shows how it went.
  void channel.join();
  let held = true;
  return () => {
    if (!held) return;
    held = false;
    holders.set(channel, (holders.get(channel) ?? 1) - 1);
    queueMicrotask(() => {
      if (holders.get(channel) !== 0) return;
      holders.delete(channel);
      channel.leave();
    });
  };
}
