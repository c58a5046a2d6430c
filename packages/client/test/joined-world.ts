import type { Channel } from '../src/channel/channel.ts';
import type { AnyEvents } from '../src/typed-events.ts';
import { connectedWorld, type createWorld, type World } from './connected-client.ts';

/** A connected world with a joined channel, and what it was told. */
export type JoinedWorld = World & {
  readonly channel: Channel<AnyEvents>;
  readonly told: readonly string[];
};

/** The channel is `chat:1`; `told` reads like `a1` for a publication at offset 1 of epoch a, and `truncated 2-3`. */
export async function joinedWorld(options: Parameters<typeof createWorld>[0] = {}): Promise<JoinedWorld> {
  const world = await connectedWorld(options);
  const channel = world.client.channel('chat:1');
  const told: string[] = [];
  channel.on('publication', ({ position }) => told.push(`${position.epoch}${position.offset}`));
  channel.on('truncated', ({ from, to }) => told.push(`truncated ${from}-${to}`));
  channel.on('trimmed', ({ from, to }) => told.push(`trimmed ${from}-${to}`));
  channel.on('unknown', ({ from }) => told.push(`unknown ${from}`));
  void channel.join();
  await world.clock.run(50);
  return { ...world, channel, told };
}
