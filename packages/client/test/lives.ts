import type { FakeClock } from '@kittiwake/testkit';
import { durable } from '../src/durable.ts';
import type { PublishOutcome } from '../src/publish/publish-outcome.ts';
import { createWorld, type World, type WorldOptions } from './connected-client.ts';
import type { MemoryDisk } from './memory-store.ts';

const EVENT = 'test:event:happened';
const CHANNEL = 'chat:1';

/** One life of an application. */
export type Life = World & {
  readonly told: readonly string[];
  publish(data: string): Promise<PublishOutcome>;
};

/** A life of the application over the disk, in the world of the one before; `told` reads like `one acked` for what nobody waits for. */
export function live(disk: MemoryDisk, before?: World, options: WorldOptions = {}): Life {
  const shared = before === undefined ? {} : { clock: before.clock, gateway: before.gateway };
  const world = createWorld({
    store: durable(disk.store()),
    seed: before === undefined ? 1 : 2,
    ...shared,
    ...options,
  });
  const told: string[] = [];
  world.client.on('settled', ({ data, outcome }) => told.push(`${data} ${describe(outcome)}`));
  world.client.on('error', ({ kind }) => told.push(`error ${kind}`));
  return { ...world, told, publish: data => world.client.channel(CHANNEL).publish(EVENT, data) };
}

/** A life that connects at once. */
export function connected(...life: Parameters<typeof live>): Life {
  const begun = live(...life);
  begun.client.connect();
  return begun;
}

/** Reads like `acked`, `rejected closed`. */
export function describe(outcome: PublishOutcome): string {
  return 'failure' in outcome ? `${outcome.outcome} ${outcome.failure.kind}` : outcome.outcome;
}

/** The process ends: nothing of it is heard again. */
export function crash(world: World, disk: MemoryDisk): void {
  world.network.cut();
  world.network.dials = 'hang';
  disk.crash();
}

/** What the channel holds. */
export const stored = ({ gateway }: World): unknown[] => gateway.log(CHANNEL).map(({ data }) => data);

/** Lets time pass. */
export const run = (clock: FakeClock, ms = 2_000): Promise<void> => clock.run(ms);
