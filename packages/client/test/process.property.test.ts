import assert from 'node:assert/strict';
import { test } from 'node:test';
import { delay } from '@kittiwake/base';
import fc from 'fast-check';
import type { Delivery } from '../src/channel/deliveries.ts';
import type { ResumePoint } from '../src/channel/resume.ts';
import type { AnyEvents } from '../src/typed-events.ts';
import { createWorld, type World } from './connected-client.ts';

const CHANNEL = 'chat:1';

type Act =
  | { readonly act: 'backend' | 'cut' | 'failover' | 'trim' | 'crash' | 'fail' | 'rejoin' | 'leave' }
  | { readonly act: 'wait'; readonly ms: number };

const acts: fc.Arbitrary<Act[]> = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: fc.constant<Act>({ act: 'backend' }) },
    { weight: 6, arbitrary: fc.integer({ min: 1, max: 60 }).map(ms => ({ act: 'wait', ms }) as const) },
    { weight: 4, arbitrary: fc.constantFrom<Act[]>({ act: 'crash' }, { act: 'fail' }, { act: 'rejoin' }) },
    {
      weight: 3,
      arbitrary: fc.constantFrom<Act[]>({ act: 'cut' }, { act: 'failover' }, { act: 'leave' }),
    },
    { weight: 1, arbitrary: fc.constant<Act>({ act: 'trim' }) },
  ),
  { minLength: 10, maxLength: 60 },
);

/** A database: effects by offset, and the place up to which they are, changed together. */
class Database {
  readonly effects = new Map<number, string>();
  place: ResumePoint | undefined;
  /** Histories that were told to be others, or to have holes. */
  holes = 0;

  /** One transaction. */
  apply(delivery: Delivery<AnyEvents>, commit: ResumePoint): void {
    this.place = commit;
    if (delivery.type === 'publication') {
      const { position, data } = delivery.publication;
      assert.ok(!this.effects.has(position.offset), `offset ${position.offset} was applied already`);
      this.effects.set(position.offset, `${position.epoch} ${data}`);
      return;
    }
    const { change } = delivery;
    if (change.outcome === 'truncated') {
      for (let offset = change.from; offset <= change.to; offset += 1)
        assert.ok(this.effects.delete(offset), `offset ${offset} was never applied`);
    } else {
      this.holes += 1;
      if (change.outcome === 'unknown') this.effects.clear();
    }
  }
}

/** A worker over the database, in one life after the other. */
class Worker {
  readonly #seed: number;
  readonly database = new Database();
  /** What a handler or a listener threw: an assertion that failed. */
  readonly broken: unknown[] = [];
  lives = 0;
  failovers = 0;
  /** The handler fails before its next effect. */
  failing = false;
  world: World;

  constructor(seed: number) {
    this.#seed = seed;
    this.world = this.#live();
  }

  #live(shared: Partial<Pick<World, 'clock' | 'gateway'>> = {}): World {
    this.lives += 1;
    const life = this.lives;
    const world = createWorld({ ...shared, seed: this.#seed + life });
    const channel = world.client.channel(CHANNEL, this.database.place ?? {});
    void channel.process(
      async (delivery, commit) => {
        await delay(world.clock, (this.#seed + commit.position.offset) % 7);
        // A process that is gone does nothing more, wherever it was.
        if (life !== this.lives) return new Promise(() => {});
        if (this.failing) {
          this.failing = false;
          throw new Error('before the effect');
        }
        this.#effect(delivery, commit);
        await delay(world.clock, (this.#seed + commit.position.offset) % 5);
      },
      { messagesMax: 3 },
    );
    world.client.connect();
    return world;
  }

  #effect(delivery: Delivery<AnyEvents>, commit: ResumePoint): void {
    try {
      this.database.apply(delivery, commit);
    } catch (reason) {
      this.broken.push(reason);
    }
  }

  crash(): void {
    const { clock, gateway, network } = this.world;
    network.cut();
    network.dials = 'hang';
    this.world = this.#live({ clock, gateway });
  }

  fail(): void {
    this.failing = true;
  }

  rejoin(): void {
    void this.world.client.channel(CHANNEL).join();
  }

  leave(): void {
    this.world.client.channel(CHANNEL).leave();
  }

  backend(): void {
    this.world.gateway.publish(CHANNEL, this.world.gateway.log(CHANNEL).length);
  }

  cut(): void {
    this.world.network.cut();
  }

  trim(): void {
    this.world.gateway.trim(CHANNEL, 4);
  }

  /** Loses up to three entries under members that stay, and is found out by the next entry. */
  failover(): void {
    const { gateway } = this.world;
    const newest = gateway.log(CHANNEL).at(-1)?.position.offset ?? 1;
    this.failovers += 1;
    gateway.failover(CHANNEL, `f${this.failovers}`, Math.max(1, newest - (this.failovers % 3)));
    gateway.publish(CHANNEL, `f${this.failovers}`);
  }
}

test('[K15] a worker that crashes or fails anywhere between effect and commit applies each publication exactly once', async () => {
  let lives = 0;
  let applied = 0;
  await fc.assert(
    fc.asyncProperty(acts, fc.integer({ min: 0, max: 1_000_000 }), async (steps, seed) => {
      const worker = new Worker(seed);
      await worker.world.clock.run(20);
      for (const step of steps) {
        if (step.act === 'wait') await worker.world.clock.run(step.ms);
        else worker[step.act]();
      }
      worker.failing = false;
      await worker.world.clock.run(1_000);
      worker.rejoin();
      await worker.world.clock.run(40_000);
      worker.backend();
      await worker.world.clock.run(1_000);
      if (worker.broken.length > 0) throw worker.broken[0];
      const { database, world } = worker;
      const log = world.gateway.log(CHANNEL);
      assert.deepEqual(database.place?.position, log.at(-1)?.position);
      assertSame(
        database,
        new Map(log.map(({ position, data }) => [position.offset, `${position.epoch} ${data}`])),
      );
      lives += worker.lives - 1;
      applied += database.effects.size;
      world.client.close();
    }),
    { numRuns: 300 },
  );
  assert.ok(lives > 100 && applied > 1_000, `${lives} crashes, ${applied} effects`);
});

/** The effects are those of the log; where no hole was told, all of them since the first. */
function assertSame(database: Database, log: ReadonlyMap<number, string>): void {
  const first = Math.min(...log.keys());
  for (const [offset, effect] of database.effects)
    if (offset >= first) assert.equal(log.get(offset), effect, `the effect at ${offset}`);
  if (database.holes > 0) return;
  const offsets = [...database.effects.keys()].sort((one, other) => one - other);
  const [start = 0] = offsets;
  assert.deepEqual(
    offsets,
    offsets.map((_, index) => start + index),
    'no hole that was not told',
  );
}
