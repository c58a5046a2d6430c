import type { Failure } from '../failure.ts';

/** Where a channel stands with its membership; the public `channel.state`. */
export type ChannelState =
  /** Not a member, and not asked to become one. */
  | { readonly phase: 'detached' }
  /**
   * Wants to be a member: waits for a connection, for the answer, before it asks again, or (`paused`) until the handler
   * of `process` is done with what it was given.
   */
  | {
      readonly phase: 'joining';
      readonly step: 'offline' | 'asked' | 'backing-off' | 'paused';
      readonly attempt: number;
    }
  | { readonly phase: 'joined' }
  /** Was refused, for good, or the handler of `process` failed; `join()` asks again. */
  | { readonly phase: 'failed'; readonly failure: Failure };

/** What can happen to a membership. */
export type ChannelEvent =
  | { readonly type: 'join' }
  | { readonly type: 'leave' }
  | { readonly type: 'online' }
  | { readonly type: 'offline' }
  | { readonly type: 'joined' }
  | { readonly type: 'refused'; readonly failure: Failure }
  /** A publication is missing: become a member anew, from the position that is held. */
  | { readonly type: 'gap' }
  /** There is no room for what arrives: leave until there is. */
  | { readonly type: 'full' }
  /** There is room again. */
  | { readonly type: 'room' }
  /** The application cannot go on. */
  | { readonly type: 'stopped'; readonly failure: Failure }
  | { readonly type: 'retry-due' };

/** What the channel does for a transition, in order. */
export type ChannelEffect =
  | { readonly type: 'send-join' }
  | { readonly type: 'send-leave' }
  | { readonly type: 'retry-after'; readonly delayMs: number };
