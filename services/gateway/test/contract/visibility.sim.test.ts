import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Random } from '@kittiwake/base';
import type { Position } from '@kittiwake/protocol';
import { createSeededRandom, SimHost, SimLoop, SimNetwork, until } from '@kittiwake/testkit';
import type { Broker } from '../../src/broker/broker.ts';
import { Hub } from '../../src/channel/hub.ts';
import type { Metrics } from '../../src/metrics/metrics.ts';
import { createRecordingMetrics } from '../../src/metrics/recording-metrics.ts';
import { silentLogger } from '../../src/telemetry/logger.ts';
import { SimRedisTier } from '../sim/redis/sim-redis-tier.ts';
import { type FakeMember, fakeMember } from '../support/fake-member.ts';
import { CHANNEL, channelRule } from '../support/fixtures.ts';
import { publishing } from './tier-harness.ts';

const RULE = channelRule({ visibility: 'replicated' });

test('[C11][C5] a failover that forgets what was shown gives it to nobody twice, and takes it from nobody', async t => {
  const world = open(t);
  const { here, there, alice } = await world.withMember();
  assert.equal(await here.publish('one'), 'replicated');
  await until(() => alice.offsets.length === 1);
  // The replicas hold the second one, and hear no more: not of its being shown.
  here.onceHeld(() => world.stallReplicas());
  assert.equal(await here.publish('two'), 'replicated');
  await until(() => alice.offsets.length === 2);
  const [, shown] = alice.positions;
  assert.ok(shown !== undefined);
  await world.failOver();

  await until(async () => (await here.read()).offset >= 1 && (await there.read()).offset === 1);
  assert.deepEqual(await there.join(fakeMember('bob'), shown), undefined, 'bob would be given it again');
  world.resumeReplicas();
  const bob = fakeMember('bob');
  const outcome = await until(() => there.join(bob, shown));
  assert.equal(outcome, 'recovered');
  await until(async () => (await here.publish('three')) === 'replicated');
  await until(() => alice.offsets.length === 3 && bob.offsets.length === 1);
  assert.deepEqual([alice.offsets, bob.offsets], [[1, 2, 3], [3]]);
  for (const member of [alice, bob])
    assert.ok(member.received.every(message => message.type === 'publication'));
  assert.equal((await there.read()).offset, 3);
});

test('[C11] what a replica held before FLUSHALL shows nothing of what has its offset now, and no replica holds', async t => {
  const world = open(t);
  const { here, there, alice } = await world.withMember();
  let after: Promise<string> | undefined;
  here.onceHeld(() => {
    world.flushAll();
    world.stallReplicas();
    after = there.publish('after');
    world.slowDown('here');
  });
  assert.equal(await here.publish('before'), 'unknown_outcome');
  assert.equal((await there.read()).offset, 0);
  assert.deepEqual(alice.offsets, []);
  world.resumeReplicas();
  assert.equal(await after, 'replicated');
  await until(() => alice.offsets.length === 1);
  assert.deepEqual(alice.positions.at(-1), await there.read());
});

/** A Sentinel tier of which every step is simulated, driven by the event loop. */
function open(t: TestContext) {
  const loop = new SimLoop();
  const random = createSeededRandom(1);
  const network = new SimNetwork(loop, random, { latencyMs: { min: 0.1, max: 1 } });
  const tier = new SimRedisTier({ loop, network, random });
  let isOpen = true;
  t.after(() => {
    isOpen = false;
  });
  tier.start();
  const turn = (): void => {
    loop.run(loop.nowMs + 1);
    if (isOpen) setImmediate(turn);
  };
  setImmediate(turn);
  const former = tier.primary;
  return {
    stallReplicas(): void {
      for (const node of tier.nodes) tier.stallReplication(node);
    },
    resumeReplicas(): void {
      for (const node of tier.nodes) tier.resumeReplication(node);
    },
    flushAll: (): void => tier.flushAll(),
    /** What this gateway sends to the primary arrives after whatever another one sends now. */
    slowDown: (gateway: string): void => network.slow(gateway, former.name, 50),
    /** The primary dies, and another one is named and takes writes. */
    async failOver(): Promise<void> {
      tier.crash(former);
      await until(() => tier.primary !== former && tier.primary.leader !== undefined);
    },
    async withMember() {
      const world = { tier, loop, random };
      const [here, there] = [await startGateway(world, 'here'), await startGateway(world, 'there')];
      const alice = fakeMember('alice');
      assert.equal(await here.join(alice), 'fresh');
      return { here, there, alice: Object.assign(alice, { positions: here.heard }) };
    },
  };
}

/** The chance is shared: gateways that draw the same would call their epochs the same. */
type World = { readonly tier: SimRedisTier; readonly loop: SimLoop; readonly random: Random };

/** A gateway with its hub. */
async function startGateway({ tier, loop, random }: World, name: string) {
  const host = new SimHost(loop, name);
  const { clock } = host;
  const held: (() => void)[] = [];
  const metrics = hearing(createRecordingMetrics(), () => held.pop()?.());
  const { broker } = tier.tierFor(host, { clock, random, metrics, log: silentLogger });
  const heard: Position[] = [];
  const observer = {
    opened: () => {},
    closed: () => {},
    doubted: () => {},
    delivered: ({ position }: { readonly position: Position }) => void heard.push(position),
  };
  const hub = new Hub({ broker, clock, random, metrics, log: silentLogger, observer });
  await broker.start(hub);
  return {
    heard,
    /** Called once a replica has confirmed the next publish, before that is shown. */
    onceHeld: (then: () => void) => void held.push(then),
    join: (member: FakeMember, position?: Position) => joinOn(hub, member, position),
    ...over(broker),
  };
}

function over(broker: Broker) {
  return {
    publish: async (text: string): Promise<string> => {
      const command = publishing(CHANNEL, text, { visibility: 'replicated', key: text });
      const published = await broker.publish(command);
      return published.ok ? published.value.level : published.error.kind;
    },
    /** Where the channel stands for somebody who comes anew. */
    read: async (): Promise<Position> => {
      const page = await until(async () => {
        const read = await broker.read(CHANNEL, { limit: 10 });
        return read.ok && read.value;
      });
      return page.head;
    },
  };
}

/** Joins and tells what became of the history; `undefined` where the member was not let in. */
async function joinOn(hub: Hub, member: FakeMember, position?: Position): Promise<string | undefined> {
  let outcome: string | undefined;
  await hub.join(CHANNEL, member, {
    rule: RULE,
    position,
    chain: undefined,
    wanted: () => true,
    welcome: ({ resume, replay }) => {
      outcome = resume.outcome;
      assert.deepEqual(replay, []);
    },
  });
  return outcome;
}

/** The metrics of a gateway, and a call whenever a replica has confirmed a group. */
function hearing(metrics: Metrics, onHeld: () => void): Metrics {
  return {
    ...metrics,
    observe: (name, value, ...labels) => {
      metrics.observe(name, value, ...labels);
      const [about = {}] = labels as readonly { readonly operation?: string; readonly result?: string }[];
      if (about.operation === 'wait' && about.result === 'ok') onHeld();
    },
  };
}
