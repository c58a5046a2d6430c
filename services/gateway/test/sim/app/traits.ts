import type { Random } from '@kittiwake/base';

/** How one application uses the SDK, the same in all its lives. */
export type Traits = {
  /** Keeps the chain of epochs beside its positions, so that truncations are found to the offset (SPEC C10). */
  readonly keepsChain: boolean;
  /** Has a store, so that its publishes outlive its processes (SPEC K14). */
  readonly stores: boolean;
  /** Has what a failover lost published again (SPEC K17). */
  readonly republishes: boolean;
  /** Commits what it is given one by one (SPEC K15). */
  readonly processes: boolean;
};

/** Draws the traits of an application. */
export function drawTraits(random: Random): Traits {
  return {
    keepsChain: random.next() < 0.8,
    stores: random.next() < 0.5,
    republishes: random.next() < 0.5,
    processes: random.next() < 0.3,
  };
}
