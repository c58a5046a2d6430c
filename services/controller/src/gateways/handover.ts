import type { Result } from '@kittiwake/base';

/** What a gateway can be told at `POST /handover`: move some sessions away and go on, or all of them and stop. */
export type HandoverRequest =
  | { readonly do: 'shed'; readonly sessions: number; readonly perSecond: number }
  | { readonly do: 'drain'; readonly perSecond: number };

/** What it is going to do: how many sessions, and when it will be done. */
export type HandoverAnswer = { readonly sessions: number; readonly doneInMs: number };

/**
 * Why it does not. `busy`: another shed runs, or it drains. `no_key`: this controller has no operations key. What came of a
 * `timeout` the next status says: it is never sent again before that.
 */
export type HandoverError = {
  readonly kind:
    | 'busy'
    | 'no_key'
    | 'unauthenticated'
    | 'not_found'
    | 'malformed'
    | 'timeout'
    | 'unreachable'
    | 'status';
  readonly message: string;
};

/** Tells the gateway at an address. Never throws. */
export type Handover = (
  address: string,
  request: HandoverRequest,
) => Promise<Result<HandoverAnswer, HandoverError>>;

/** What a gateway takes; anything else is `malformed` there. */
export const HANDOVER_BOUNDS = { sessionsMax: 1_000_000, perSecondMin: 0.1, perSecondMax: 10_000 } as const;

/** A rate as a gateway takes it, in tenths. */
export function handoverRate(perSecond: number): number {
  const { perSecondMin, perSecondMax } = HANDOVER_BOUNDS;
  return Math.min(perSecondMax, Math.max(perSecondMin, Math.round(perSecond * 10) / 10));
}
