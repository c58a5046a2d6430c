import { elapse } from '@kittiwake/testkit';
import { type Fault, PROMOTION_MS } from './fault.ts';

const HANGS_MS = 4_000;

/** The primary hangs for four seconds, and goes on as if nothing had been: it believes that it leads, and is connected. */
export const zombie: Fault = async ({ tier, clock }) => {
  const former = await tier.sentinel.primary();
  const faultAtMs = clock.nowMs();
  former.pause();
  try {
    await elapse(HANGS_MS);
  } finally {
    former.resume();
  }
  const next = await tier.sentinel.waitForPromotion(former, PROMOTION_MS);
  const what = `${tier.nameOf(former)} hung for ${HANGS_MS / 1_000} s, ${tier.nameOf(next)} promoted`;
  return { what, faultAtMs };
};
