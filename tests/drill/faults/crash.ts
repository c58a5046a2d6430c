import { type Fault, PROMOTION_MS } from './fault.ts';

/** kill -9 of the primary; it comes back as a replica of the next one, as the charts start it. */
export const crash: Fault = async ({ tier, clock }) => {
  const former = await tier.sentinel.primary();
  const faultAtMs = clock.nowMs();
  await former.kill();
  const next = await tier.sentinel.waitForPromotion(former, PROMOTION_MS);
  await former.restart({ replicaOf: next.address });
  return { what: `${tier.nameOf(former)} killed, ${tier.nameOf(next)} promoted`, faultAtMs };
};
