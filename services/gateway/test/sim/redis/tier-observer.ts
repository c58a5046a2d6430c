import type { Reply } from './keyspace/script-runner.ts';

/** Who watches what happens in the tier, for a checker. */
export type TierObserver = {
  /** A script ran on the primary; `args` are its keys, then its arguments. */
  ran(script: string, args: readonly string[], reply: Reply): void;
  /** The Sentinels make a replica a primary. */
  promoted(promotion: Promotion): void;
};

/** One promotion. */
export type Promotion = {
  /** Replid of the history that is no longer continued. */
  readonly former: string;
  /** No other replica holds more than the one that is promoted, and all of them could be asked. */
  readonly isFurthest: boolean;
};

/** Nobody watches. */
export const NOBODY_WATCHES: TierObserver = { ran: () => {}, promoted: () => {} };
