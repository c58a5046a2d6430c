import type { Millis } from '@kittiwake/base';
import type { RebalanceMode } from '../fleet/gateway-deployment.ts';
import type { Census, Obstacle } from './census.ts';
import type { PacedMove } from './pace-moves.ts';

/**
 * Where rebalancing stands. `suspecting`: the spread is too large, since when and how often it was seen so among the same gateways.
 * `moving`: sheds were asked for at `askedAtMs`; `budgets` is what each gateway may still shed, so that it only moves sessions that
 * it had when this began. `cooling`: lets things be, unless a gateway joins those that there were.
 */
export type RebalanceState =
  | { readonly phase: 'calm' }
  | {
      readonly phase: 'suspecting';
      readonly sinceMs: Millis;
      readonly observations: number;
      /** Of the newest observation: the same numbers again are none. */
      readonly seenAtMs: Millis;
      readonly members: string;
    }
  | {
      readonly phase: 'moving';
      readonly pass: number;
      readonly beganAtMs: Millis;
      readonly askedAtMs: Millis;
      readonly quietSinceMs: Millis | undefined;
      readonly budgets: ReadonlyMap<string, number>;
      /** What all sheds so far move, and how many sessions were missing below the mean when this began. */
      readonly moved: number;
      readonly missing: number;
    }
  | {
      readonly phase: 'cooling';
      readonly untilMs: Millis;
      /** Who was there when it began; `undefined` until they could be counted. */
      readonly members: readonly string[] | undefined;
    };

/** One look at the gateways. `isAsked`: somebody wants one pass now, without the wait for a spread that lasts. */
export type Observation = {
  readonly nowMs: Millis;
  readonly census: Census | Obstacle;
  readonly mode: RebalanceMode;
  readonly isAsked: boolean;
};

/** What was decided; everything but `shed` moves nobody. `spread` is a share of the mean. */
export type Decision =
  | {
      readonly kind: 'shed' | 'dry_run';
      readonly spread: number;
      readonly pass: number;
      readonly moves: readonly PacedMove[];
    }
  /** The spread is within bounds, or is not after so many sheds; or somebody asked, and there is nothing to do. */
  | { readonly kind: 'done' | 'gave_up' | 'even'; readonly spread: number }
  /** Somebody asked, or it was under way, and now it cannot be. */
  | { readonly kind: 'postponed'; readonly why: Obstacle | 'off' };

/** A state, and what was decided on the way into it. */
export type RebalanceStep = { readonly state: RebalanceState; readonly decision: Decision | undefined };

/** Where it starts, and where each new leader starts. */
export const CALM: RebalanceState = { phase: 'calm' };
