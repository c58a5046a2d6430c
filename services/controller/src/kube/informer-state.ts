/** Why an informer lists anew; the label of `kittiwake_controller_relists_total`. */
export type RelistReason = 'start' | 'expired' | 'watchdog' | 'error';

/**
 * Where an informer stands. `version` is the resourceVersion from which a watch goes on; `failures` counts attempts since the last
 * one that worked.
 */
export type InformerState =
  | { readonly phase: 'listing'; readonly failures: number }
  | {
      readonly phase: 'watching';
      readonly version: string;
      readonly lastSeenMs: number;
      readonly failures: number;
    }
  | {
      readonly phase: 'waiting';
      readonly failures: number;
      readonly version: string | undefined;
      readonly lastSeenMs: number;
      readonly reason: RelistReason;
    }
  | { readonly phase: 'stopped' };

/** What happens to an informer. `seen` is any event or bookmark of the watch. */
export type InformerEvent =
  | { readonly kind: 'listed'; readonly version: string }
  | { readonly kind: 'seen'; readonly version: string | undefined }
  | { readonly kind: 'expired' }
  | { readonly kind: 'ended' }
  | { readonly kind: 'failed' }
  | { readonly kind: 'retry' }
  | { readonly kind: 'check' }
  | { readonly kind: 'stop' };

/** What the shell does about it. */
export type InformerEffect =
  | { readonly kind: 'list'; readonly reason: RelistReason }
  | { readonly kind: 'watch'; readonly version: string }
  | { readonly kind: 'close-watch' }
  | { readonly kind: 'wait'; readonly failures: number };

/** A state, and what to do on the way into it. */
export type InformerStep = { readonly state: InformerState; readonly effects: readonly InformerEffect[] };

/** Where it starts: with a list. */
export const FIRST_STEP: InformerStep = {
  state: { phase: 'listing', failures: 0 },
  effects: [{ kind: 'list', reason: 'start' }],
};
