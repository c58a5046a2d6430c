import type { Channel } from '../src/channel/channel.ts';
import type { PublishOutcome } from '../src/publish/publish-outcome.ts';
import type { AnyEvents } from '../src/typed-events.ts';
import { createWorld, type World, type WorldOptions } from './connected-client.ts';

export const EVENT = 'test:event:happened';
export const CHANNEL = 'chat:1';

type Producing = World & {
  readonly channel: Channel<AnyEvents>;
  /** What the channel and the client told besides the outcomes of publishes. */
  readonly told: readonly string[];
  publish(data: string): Promise<string>;
};

/** A client whose channel numbers its publishes. */
export async function producing(
  options: WorldOptions & { readonly epoch?: number } = {},
): Promise<Producing> {
  const { epoch = 1, ...rest } = options;
  const world = createWorld(rest);
  const channel = world.client.channel(CHANNEL, { producer: { id: 'meter-7', epoch } });
  const told: string[] = [];
  channel.on('lost', ({ reason, from, to }) => told.push(`lost ${reason} ${from}-${to}`));
  channel.on('error', ({ kind }) => told.push(`error ${kind}`));
  world.client.on('settled', ({ data, outcome }) => told.push(`${data} ${describe(outcome)}`));
  world.client.connect();
  await world.clock.run(50);
  const publish = async (data: string): Promise<string> => describe(await channel.publish(EVENT, data));
  return { ...world, channel, told, publish };
}

function describe(outcome: PublishOutcome): string {
  return 'failure' in outcome ? `${outcome.outcome} ${outcome.failure.kind}` : outcome.outcome;
}

/** What the channel holds. */
export const stored = ({ gateway }: World): unknown[] => gateway.log(CHANNEL).map(({ data }) => data);
/** The numbers that were sent. */
export const sequences = ({ gateway }: World): (number | undefined)[] =>
  gateway.heard('publish').map(({ producer }) => producer?.sequence);
/** Each number, and the one that it follows. */
export const links = ({ gateway }: World): string[] =>
  gateway.heard('publish').map(({ producer }) => `${producer?.sequence}>${producer?.follows}`);
