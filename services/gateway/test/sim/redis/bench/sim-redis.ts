/**
 * `node services/gateway/test/sim/redis/bench/sim-redis.ts`: what the simulated Redis tier costs: one script, an idle minute, and a minute of
 * three gateways that publish 200 times. Minutes are simulated ones, costs are of the processor.
 */

import type { ChannelName, EventName } from '@kittiwake/protocol';
import { createSeededRandom, SimHost, SimLoop, SimNetwork } from '@kittiwake/testkit';
import type { PublishCommand } from '../../../../src/broker/broker.ts';
import { historyKey, stateKey } from '../../../../src/broker/redis/keys.ts';
import { PublishScript } from '../../../../src/broker/redis/publish-script.ts';
import type { RedisClient } from '../../../../src/broker/redis/redis-client.ts';
import type { BrokerTier } from '../../../../src/broker/tier-options.ts';
import { silentLogger } from '../../../../src/telemetry/logger.ts';
import { compiledScript } from '../compiled-scripts.ts';
import { ScriptRunner } from '../keyspace/script-runner.ts';
import { SimRedisTier } from '../sim-redis-tier.ts';

const MINUTE_MS = 60_000;
const PUBLISHES = 200;
const GATEWAYS = 3;
const ROUNDS = 30;
const CHANNELS = ['chat:1', 'chat:2', 'chat:3'] as ChannelName[];
const NO_METRICS = { count: () => {}, set: () => {}, add: () => {}, observe: () => {} };

type World = { readonly loop: SimLoop; readonly tiers: readonly BrokerTier[] };

function world(seed: number, gateways: number): World {
  const loop = new SimLoop();
  const random = createSeededRandom(seed);
  const network = new SimNetwork(loop, random, { latencyMs: { min: 1, max: 12 } });
  const tier = new SimRedisTier({ loop, network, random });
  tier.start();
  const handler = { onPublication: () => {}, onDoubt: () => {}, onStatus: () => {} };
  const tiers = Array.from({ length: gateways }, (_, n) => {
    const host = new SimHost(loop, `g${n}`);
    const made = tier.tierFor(host, { clock: host.clock, random, metrics: NO_METRICS, log: silentLogger });
    void made.broker.start(handler);
    void made.presence.start(() => {});
    void made.bus.start(() => {});
    return made;
  });
  return { loop, tiers };
}

/** One life: everybody connects, subscribes, and publishes for a minute. */
function life(seed: number, publishes: number, gateways = GATEWAYS): void {
  const { loop, tiers } = world(seed, gateways);
  loop.run(1_000);
  for (const tier of tiers) for (const channel of CHANNELS) void tier.broker.subscribe(channel);
  for (let n = 0; n < publishes; n += 1) {
    loop.at(1_500 + (n * MINUTE_MS) / publishes, () => {
      const tier = tiers[n % tiers.length];
      const channel = CHANNELS[n % CHANNELS.length];
      if (tier !== undefined && channel !== undefined) void tier.broker.publish(command(channel, n));
    });
  }
  loop.run(1_500 + MINUTE_MS);
}

function command(channel: ChannelName, n: number): PublishCommand {
  const ack = n % 3 === 0 ? 'replicated' : 'primary';
  return {
    channel,
    entry: { event: 'chat:message:send' as EventName, version: 1, data: { id: `c1.1/${n}` }, atMs: 1 },
    ack,
    ...(n % 2 === 0 && { key: `k${n}` }),
    idempotencyMs: MINUTE_MS,
    visibility: 'stored',
    history: { size: 100, ageMs: MINUTE_MS },
  };
}

function scripts(): void {
  const runner = new ScriptRunner({ toWrite: () => undefined, toGrow: () => undefined });
  runner.data.nowMs = 1_767_225_600_000;
  const channel = 'chat:1' as ChannelName;
  const publish = compiledScript('kwPublish');
  const args = argumentsOfPublish({ ...command(channel, 1), idempotencyMs: 0 });
  measure('script kwPublish', 5_000, () => {
    runner.data.effects = [];
    runner.run(publish, args);
  });
  const read = compiledScript('kwRead');
  measure('script kwRead of 10', 3_000, () =>
    runner.run(read, [stateKey(channel), historyKey(channel), '', '10', '1048576']),
  );
}

/** What the gateway itself would send. */
function argumentsOfPublish(publish: PublishCommand): readonly string[] {
  let sent: readonly string[] = [];
  const client = {
    run: (_: string, args: readonly (string | number)[]) => {
      sent = args.map(String);
      return new Promise<unknown>(() => {});
    },
  };
  const link = { generation: 1, replid: 'a'.repeat(40), salt: 's', evicts: undefined };
  void new PublishScript().run(client as unknown as RedisClient, link, publish);
  return sent;
}

/** Prints what one turn costs, the best of many rounds: others share the machine. */
function measure(what: string, turns: number, turn: (n: number) => void): void {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = process.cpuUsage();
    for (let n = 0; n < turns; n += 1) turn(round * turns + n);
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, (user + system) / turns);
  }
  console.log(`${what.padEnd(44)} ${best.toFixed(2).padStart(10)} µs`);
}

// Promises are settled from a plain callback only.
setImmediate(() => {
  scripts();
  measure('a minute of the tier alone', 50, n => world(n, 0).loop.run(MINUTE_MS));
  measure('a minute with 3 gateways, idle', 20, n => life(n, 0));
  measure('a minute with 3 gateways and 200 publishes', 10, n => life(n, PUBLISHES));
});
