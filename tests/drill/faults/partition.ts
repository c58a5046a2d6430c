import { elapse } from '@kittiwake/testkit';
import { type Fault, PROMOTION_MS } from './fault.ts';

const CUT_MS = 6_000;

/** The primary is cut off from everybody for six seconds: it is alive, alone, and nobody is told. */
export const partition: Fault = async ({ tier, clock }) => {
  const former = await tier.sentinel.primary();
  const faultAtMs = clock.nowMs();
  tier.cut(former);
  try {
    await elapse(CUT_MS);
  } finally {
    tier.heal(former);
  }
  const next = await tier.sentinel.waitForPromotion(former, PROMOTION_MS);
  const what = `${tier.nameOf(former)} cut off for ${CUT_MS / 1_000} s, ${tier.nameOf(next)} promoted`;
  return { what, faultAtMs };
};
