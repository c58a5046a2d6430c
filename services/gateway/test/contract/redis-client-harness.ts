import { systemClock, systemRandom } from '@kittiwake/base';
import { createSeededRandom, elapse, SimHost, SimLoop, SimNetwork } from '@kittiwake/testkit';
import { createConnections } from '../../src/broker/redis/connections.ts';
import { IoredisClient } from '../../src/broker/redis/ioredis-client.ts';
import { silentLogger } from '../../src/telemetry/logger.ts';
import { SimRedisTier } from '../sim/redis/sim-redis-tier.ts';
import type { RedisClientHarness } from './redis-client.contract.ts';
import { startDocumentedRedis, urlOptions } from './redis-harness.ts';

/** ioredis, on one server. */
export async function openRedisClients(): Promise<RedisClientHarness> {
  const server = await startDocumentedRedis();
  const deps = { clock: systemClock, random: systemRandom, log: silentLogger };
  const connect = createConnections(urlOptions(server), deps);
  return {
    client: lane => new IoredisClient(connect(lane), systemClock),
    nowMs: () => systemClock.monotonicMs(),
    pass: elapse,
    pause: () => server.pause(),
    resume: () => server.resume(),
    restart: () => server.restart(),
    flushScripts: async () => void (await server.command('SCRIPT', 'FLUSH')),
    stop: () => server.stop(),
  };
}

/** Its model, on one server that no Sentinel watches. */
export async function openSimClients(): Promise<RedisClientHarness> {
  const loop = new SimLoop();
  const random = createSeededRandom(1);
  const network = new SimNetwork(loop, random, { latencyMs: { min: 0.1, max: 1 } });
  const tier = new SimRedisTier({ loop, network, random });
  const { primary } = tier;
  tier.minReplicas(0);
  primary.lead();
  let isOpen = true;
  const turn = (): void => {
    loop.run(loop.nowMs + 1);
    if (isOpen) setImmediate(turn);
  };
  setImmediate(turn);
  return {
    client: lane => {
      const host = new SimHost(loop, `gateway-${lane}`);
      return tier.clientsFor(host, { clock: host.clock, random, log: silentLogger })(lane);
    },
    nowMs: () => loop.nowMs,
    pass: ms => new Promise(resolve => void loop.after(ms, resolve)),
    pause: () => tier.pause(primary),
    resume: () => tier.resume(primary),
    restart: async () => tier.restart(primary, { data: 'empty', role: 'as it was' }),
    flushScripts: async () => tier.scriptFlush(),
    stop: async () => {
      isOpen = false;
    },
  };
}
