import type { Clock } from '@kittiwake/base';
import { createFakeClock, createSeededRandom, type FakeClock } from '@kittiwake/testkit';
import type { Client } from '../src/client.ts';
import type { ClientOptions } from '../src/client-options.ts';
import { createClient } from '../src/create-client.ts';
import { FakeGateway } from './fake-gateway.ts';
import { FakeNetwork } from './fake-network.ts';
import { tickingClock } from './ticking-clock.ts';

/** A client, and the world around it. */
export type World = {
  readonly clock: FakeClock;
  readonly gateway: FakeGateway;
  readonly network: FakeNetwork;
  readonly client: Client<Record<never, never>>;
  /** Calls every hint listener, as a browser that comes online does. */
  hint(): void;
};

/** Options of the client; and a clock and a gateway that outlive it, where it is not the first. */
export type WorldOptions = Partial<Omit<ClientOptions, 'clock'>> & {
  readonly seed?: number;
  readonly clock?: FakeClock;
  readonly gateway?: FakeGateway;
  /** How long the gateway says that tokens hold. */
  readonly tokenLastsMs?: number;
  /** The client's clock, where that is not the world's own. */
  readonly machine?: Clock;
  /** Time passes between two looks at the client's clock. */
  readonly ticking?: boolean;
};

/** A client with a fake clock, network and gateway, not connected yet. */
export function createWorld(options: WorldOptions = {}): World {
  const {
    seed = 1,
    clock = createFakeClock(),
    gateway = new FakeGateway(clock),
    ticking = false,
    tokenLastsMs = gateway.tokenLastsMs,
    ...more
  } = options;
  gateway.tokenLastsMs = tokenLastsMs;
  const { machine = ticking ? tickingClock(clock) : clock, ...rest } = more;
  const network = new FakeNetwork({ clock, accept: gateway.accept });
  const hints = new Set<() => void>();
  const client = createClient({
    url: 'ws://gateway.test/v1/ws',
    token: async () => 'token',
    clock: machine,
    random: createSeededRandom(seed),
    transport: network,
    hints: onHint => {
      hints.add(onHint);
      return () => void hints.delete(onHint);
    },
    ...rest,
  });
  return { clock, gateway, network, client, hint: () => [...hints].forEach(onHint => void onHint()) };
}

/** The same, connected. */
export async function connectedWorld(options: WorldOptions = {}): Promise<World> {
  const world = createWorld(options);
  world.client.connect();
  await world.clock.run(50);
  return world;
}
