import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { PublishOutcome } from '../src/publish/publish-outcome.ts';
import { createWorld, type World } from './connected-client.ts';
import type { Fate } from './fake-network.ts';

/** What may happen between two looks at the world. */
type Act =
  | {
      readonly act:
        | 'backend'
        | 'publish'
        | 'cut'
        | 'silence'
        | 'hint'
        | 'goaway'
        | 'move'
        | 'leave'
        | 'join'
        | 'failover'
        | 'doubt'
        | 'trim';
    }
  | { readonly act: 'wait'; readonly ms: number }
  | { readonly act: 'fate'; readonly fate: Fate };

const CHANNEL = 'chat:1';
const MESSAGES_MAX = 5;

const acts: fc.Arbitrary<Act[]> = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom<Act[]>({ act: 'backend' }, { act: 'publish' }) },
    { weight: 5, arbitrary: fc.integer({ min: 1, max: 1_500 }).map(ms => ({ act: 'wait', ms }) as const) },
    {
      weight: 2,
      arbitrary: fc.constantFrom<Act[]>({ act: 'cut' }, { act: 'hint' }, { act: 'goaway' }, { act: 'move' }),
    },
    { weight: 1, arbitrary: fc.constantFrom<Act[]>({ act: 'silence' }, { act: 'leave' }, { act: 'join' }) },
    { weight: 1, arbitrary: fc.constantFrom<Act[]>({ act: 'failover' }, { act: 'doubt' }, { act: 'trim' }) },
    {
      weight: 2,
      arbitrary: fc
        .constantFrom<Fate[]>('deliver', 'duplicate', 'drop')
        .map(fate => ({ act: 'fate', fate }) as const),
    },
  ),
  { minLength: 10, maxLength: 60 },
);

/** What the application believes: publications that it has seen and was not told to undo, by offset. */
class Application {
  readonly held = new Map<number, string>();
  readonly lastOfEpoch = new Map<string, number>();
  readonly outcomes: PublishOutcome[] = [];
  publishes = 0;
  failovers = 0;
  /** Changes that leave a hole which the application was told of. */
  changes = 0;

  constructor({ client }: World) {
    const channel = client.channel(CHANNEL);
    channel.on('publication', ({ position }) => {
      const last = this.lastOfEpoch.get(position.epoch) ?? 0;
      assert.ok(position.offset > last, `offset ${position.offset} after ${last} of epoch ${position.epoch}`);
      this.lastOfEpoch.set(position.epoch, position.offset);
      this.held.set(position.offset, position.epoch);
    });
    channel.on('truncated', ({ from, to }) => {
      for (let offset = from; offset <= to; offset += 1) this.held.delete(offset);
    });
    channel.on('unknown', () => {
      this.held.clear();
      this.changes += 1;
    });
    channel.on('trimmed', () => {
      this.changes += 1;
    });
  }
}

/** What each simple act does. */
const DEEDS: {
  readonly [A in Exclude<Act['act'], 'wait' | 'fate'>]: (world: World, app: Application) => unknown;
} = {
  backend: ({ gateway }) => gateway.publish(CHANNEL),
  publish: ({ client }, app) => {
    app.publishes += 1;
    const published = client.channel(CHANNEL).publish('test:event:happened', app.publishes);
    void published.then(outcome => app.outcomes.push(outcome));
  },
  cut: ({ network }) => network.cut(),
  silence: ({ network }) => network.cut(true),
  hint: world => world.hint(),
  goaway: ({ gateway }) => gateway.broadcast({ type: 'goaway', reconnectAfterMs: 200, reason: 'drain' }),
  move: ({ gateway }) =>
    gateway.broadcast({ type: 'goaway', reconnectAfterMs: 20, closeAfterMs: 400, reason: 'drain' }),
  leave: ({ client }) => client.channel(CHANNEL).leave(),
  join: ({ client }) => void client.channel(CHANNEL).join(),
  // The broker loses its newest entries; live sessions are cut, as when their gateway dies with it.
  failover: (world, app) => {
    world.network.cut();
    loseNewest(world, app);
  },
  // The same, and live sessions stay: their gateway compares what they hold (C6).
  doubt: (world, app) => {
    loseNewest(world, app);
    world.gateway.doubt(CHANNEL);
  },
  trim: ({ gateway }) => gateway.trim(CHANNEL, 3),
};

/** Loses one entry or two, so that a whole epoch may be among them, and writes one in the next epoch. */
function loseNewest({ gateway }: World, app: Application): void {
  const { offset } = gateway.log(CHANNEL).at(-1)?.position ?? { offset: 1 };
  app.failovers += 1;
  gateway.failover(CHANNEL, `f${app.failovers}`, Math.max(1, offset - (app.failovers % 2)));
  gateway.publish(CHANNEL);
}

async function perform(world: World, app: Application, step: Act): Promise<void> {
  if (step.act === 'wait') await world.clock.run(step.ms);
  else if (step.act === 'fate')
    world.network.fate = message => (message.type === 'publication' ? step.fate : 'deliver');
  else DEEDS[step.act](world, app);
}

/** Lets everything settle without faults: joined, and a last publication so that a lost tail shows. */
async function settle(world: World): Promise<void> {
  world.network.fate = () => 'deliver';
  void world.client.channel(CHANNEL).join();
  await world.clock.run(60_000);
  world.gateway.publish(CHANNEL);
  await world.clock.run(5_000);
}

test('[K10] in any interleaving of faults the application sees one order, and misses nothing unsaid', async () => {
  let replays = 0;
  await fc.assert(
    fc.asyncProperty(acts, fc.integer(), async (steps, seed) => {
      const world = createWorld({ seed, ticking: seed % 2 === 0, queue: { messagesMax: MESSAGES_MAX } });
      const app = new Application(world);
      world.client.connect();
      void world.client.channel(CHANNEL).join();
      await world.clock.run(50);
      for (const step of steps) {
        await perform(world, app, step);
        assert.ok(world.client.queued.messages <= MESSAGES_MAX);
        // Two while it moves, never more.
        assert.ok(world.network.liveMax <= 2);
      }
      await settle(world);
      assert.equal(world.client.channel(CHANNEL).state.phase, 'joined');
      assertConsistent(world, app);
      replays += world.client.counters.gaps;
      world.client.close();
      await world.clock.run(10);
      assert.equal(app.outcomes.length, app.publishes);
      assert.deepEqual([world.clock.timers - world.network.live, world.network.live], [0, 0]);
    }),
    { numRuns: 300 },
  );
  assert.ok(replays > 10, `the faults reached the repair of gaps (${replays})`);
});

/** What the application holds is in the log, entry by entry; without a change that was told, nothing in between is missing. */
function assertConsistent({ gateway, client }: World, app: Application): void {
  const log = gateway.log(CHANNEL);
  const first = log[0]?.position.offset ?? 1;
  for (const { position } of log) {
    const seen = app.held.get(position.offset);
    if (seen !== undefined)
      assert.equal(seen, position.epoch, `entry ${position.offset} is the one that was seen`);
  }
  for (const offset of app.held.keys())
    assert.ok(offset < first || offset <= (log.at(-1)?.position.offset ?? 0));
  assert.deepEqual(client.channel(CHANNEL).position, log.at(-1)?.position);
  if (app.changes > 0) return;
  const offsets = [...app.held.keys()].sort((a, b) => a - b);
  const start = offsets[0] ?? 0;
  assert.deepEqual(
    offsets,
    offsets.map((_, index) => start + index),
    'no silent gap',
  );
}
