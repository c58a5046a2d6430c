import type { Position } from '@kittiwake/protocol';
import { createSeededRandom, SimHost, SimLoop, SimNetwork, until } from '@kittiwake/testkit';
import { createRecordingMetrics } from '../../src/metrics/recording-metrics.ts';
import { silentLogger } from '../../src/telemetry/logger.ts';
import { SimRedisTier } from '../sim/redis/sim-redis-tier.ts';
import { QUICK_TIMING, type TierHarness } from './tier-harness.ts';

/** Simulated time that passes in each turn of the real event loop. */
const STEP_MS = 1;

/** The simulated tier, driven by the event loop: a suite that awaits something sees time pass meanwhile. */
export async function openSim(): Promise<TierHarness> {
  const loop = new SimLoop();
  const random = createSeededRandom(1);
  const network = new SimNetwork(loop, random, { latencyMs: { min: 0.1, max: 1 } });
  const tier = new SimRedisTier({ loop, network, random });
  tier.start();
  let gateways = 0;
  let isOpen = true;
  const turn = (): void => {
    loop.run(loop.nowMs + STEP_MS);
    if (isOpen) setImmediate(turn);
  };
  setImmediate(turn);
  return {
    gateway: () => {
      gateways += 1;
      const host = new SimHost(loop, `gateway-${gateways}`);
      const { clock } = host;
      const metrics = createRecordingMetrics();
      return tier.tierFor(host, { clock, random, metrics, log: silentLogger, timing: QUICK_TIMING });
    },
    pass: ms => new Promise(resolve => void loop.after(ms, resolve)),
    lose: write => loseByFailover(tier, write),
    replicated: 'replicated',
    stop: async () => {
      isOpen = false;
    },
  };
}

/** Promotes a replica that has nothing of what `write` wrote; the former primary is a replica afterwards. */
async function loseByFailover(tier: SimRedisTier, write: () => Promise<readonly Position[]>): Promise<void> {
  const former = tier.primary;
  tier.minReplicas(0);
  for (const node of tier.nodes) tier.stallReplication(node);
  await write();
  tier.crash(former);
  await until(() => tier.primary !== former, { what: 'the Sentinels name another primary' });
  for (const node of tier.nodes) tier.resumeReplication(node);
  tier.restart(former);
  await until(() => tier.primary.leader?.goodReplicas === 2, { what: 'both others follow' });
  tier.minReplicas(1);
}
