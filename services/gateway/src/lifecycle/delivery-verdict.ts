import type { Millis } from '@kittiwake/base';

/** What a gateway knows of what comes back to whom. */
export type DeliveryView = {
  /** How long ago something that it published came back to itself. */
  readonly heardAgoMs: Millis;
  /**
   * The same of every other gateway that is not about to go, as the broker tells it; `undefined` where it does not. What is
   * told may be older than it is by now, never younger.
   */
  readonly othersHeardAgoMs: readonly Millis[] | undefined;
};

/** Whether a gateway delivers; `well` counts the looks in a row that found one that was deaf to hear again. */
export type DeliveryState =
  | { readonly phase: 'delivering' }
  /** Nothing comes back, and as far as is known to nobody else either: everybody stays, and waits for the broker. */
  | { readonly phase: 'unproven' }
  /** Nothing comes back to this gateway alone: it leaves the Service. */
  | { readonly phase: 'deaf'; readonly well: number };

export const DELIVERING: DeliveryState = { phase: 'delivering' };
const UNPROVEN: DeliveryState = { phase: 'unproven' };

/** A canary flies every 2 s; one that is lost is given up after 5 s, and the subscriber is renewed once by then. */
const SILENT_MS: Millis = 10_000;
const HEARS_MS: Millis = 4_000;
/** Announcements come every 10 s. */
const OTHERS_HEAR_MS: Millis = 15_000;
/** By so much another one must have heard later, so that a failure of the broker is nobody's own. */
const AHEAD_MS: Millis = 5_000;
const LOOKS_TO_RECOVER = 3;

/**
 * Whether a gateway is deaf by itself (SPEC B13). It must know of another one that heard something later than it did, and
 * hears still; so of all gateways the one that heard last never leaves, whatever goes wrong, and they never leave together.
 */
export function nextDelivery(state: DeliveryState, view: DeliveryView): DeliveryState {
  if (view.heardAgoMs < HEARS_MS) return recovering(state);
  if (view.heardAgoMs < SILENT_MS) return state.phase === 'deaf' ? { phase: 'deaf', well: 0 } : state;
  return isOnlyOne(view) ? { phase: 'deaf', well: 0 } : UNPROVEN;
}

function recovering(state: DeliveryState): DeliveryState {
  if (state.phase !== 'deaf' || state.well + 1 >= LOOKS_TO_RECOVER) return DELIVERING;
  return { phase: 'deaf', well: state.well + 1 };
}

function isOnlyOne({ heardAgoMs, othersHeardAgoMs = [] }: DeliveryView): boolean {
  return othersHeardAgoMs.some(ago => ago < OTHERS_HEAR_MS && ago <= heardAgoMs - AHEAD_MS);
}
