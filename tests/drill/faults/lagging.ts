import { elapse } from '@kittiwake/testkit';
import { type Fault, PROMOTION_MS } from './fault.ts';

/** Shorter than the Sentinels' down-after: nobody must notice. */
const LAGS_MS = 800;

/**
 * Both replicas hang while the primary goes on alone, with `min-replicas-to-write` lifted; then it is killed, and a
 * replica is promoted that never had the last entries: what was acknowledged as `primary` in between is lost on purpose.
 */
export const lagging: Fault = async ({ tier, clock }) => {
  const former = await tier.sentinel.primary();
  const replicas = await tier.sentinel.replicas();
  await former.command('CONFIG', 'SET', 'min-replicas-to-write', '0');
  for (const replica of replicas) replica.pause();
  let faultAtMs: number;
  try {
    // What is in flight to the replicas would reach them later.
    await former.command('CLIENT', 'KILL', 'TYPE', 'replica');
    await elapse(LAGS_MS);
    faultAtMs = clock.nowMs();
    await former.kill();
  } finally {
    for (const replica of replicas) replica.resume();
  }
  const next = await tier.sentinel.waitForPromotion(former, PROMOTION_MS);
  await former.restart({ replicaOf: next.address });
  const what = `replicas hung for ${LAGS_MS} ms, ${tier.nameOf(former)} killed, ${tier.nameOf(next)} promoted`;
  return { what, faultAtMs };
};
