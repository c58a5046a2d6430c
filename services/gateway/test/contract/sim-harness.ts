import { createSeededRandom, SimHost, SimLoop, SimNetwork } from '@kittiwake/testkit';
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
      const metrics = createRecordingMetrics();
      return tier.tierFor(host, { random, metrics, log: silentLogger, timing: QUICK_TIMING });
    },
    pass: ms => new Promise(resolve => void loop.after(ms, resolve)),
    replicated: 'replicated',
    stop: async () => {
      isOpen = false;
    },
  };
}
