import { assertExists, type Random } from '@kittiwake/base';
import type { AckLevel, ChannelName } from '@kittiwake/protocol';
import type { FaultPlan } from '../faults/fault.ts';
import { between, pick, simRandom } from '../world/sim-random.ts';
import { type Moments, momentsOf } from './moments.ts';

/** Channels, some of which are in each world; `sim-config.ts` has their rules. */
const CHANNELS = ['chat:1', 'orders:1', 'ticker:1', 'vault:1', 'audit:1'] as string[] as ChannelName[];
const CHANNELS_OF_A_WORLD = 3;

/** The channel in which everybody shows something of itself, and may have what is lost published again. */
export const CHAT = 'chat:1' as ChannelName;
/** The channel in which publishes are numbered. */
export const AUDIT = 'audit:1' as ChannelName;
/** The channel in which nothing is shown that a replica does not hold. */
export const VAULT = 'vault:1' as ChannelName;

/** The event that everybody publishes. */
export const EVENT = 'sim:thing:happen';

/** Clients of every world. */
export const CLIENTS = 5;

/** How many publishes a world has, but for bursts, and what else is done in it. */
const PUBLISHES = { least: 16, most: 24 };
const BURST = { likely: 0.08, least: 3, most: 10 };
/** In some worlds some of them are so big that few fill what a gateway holds for a client. */
const BIG = { likely: 0.3, share: 0.3, bytes: 1_500 };
const OTHERS = 10;
const LEAVE_MS_MAX = 6_000;

/** What one application does at one moment. */
export type Step = { readonly atMs: number; readonly client: number; readonly channel: ChannelName } & Doing;

type Doing =
  | {
      readonly does: 'publish';
      readonly id: string;
      readonly ack: AckLevel | undefined;
      readonly bytes: number;
    }
  | { readonly does: 'send'; readonly id: string }
  | { readonly does: 'leave'; readonly forMs: number }
  | { readonly does: 'show' | 'history' | 'ask' };

/** Which channels there are, and what all applications of a seed do there, in order of time. */
export type Workload = { readonly channels: readonly ChannelName[]; readonly steps: readonly Step[] };

/** Plans the workload of a seed around what goes wrong in its world. Pure. */
export function planWorkload(seed: number, plan: FaultPlan): Workload {
  const random = simRandom(seed, 'workload');
  const channels = someChannels(random);
  const moments = momentsOf(random, channels, plan);
  const publishes = Math.floor(between(random, PUBLISHES.least, PUBLISHES.most));
  const big = random.next() < BIG.likely ? BIG.share : 0;
  const steps: Step[] = [];
  for (let n = 0; n < publishes; n += 1) {
    const burst = random.next() < BURST.likely ? Math.floor(between(random, BURST.least, BURST.most)) : 1;
    const step = publish(random, { id: `p${n}`, ...moments(), big });
    for (let again = 0; again < burst; again += 1)
      steps.push(again === 0 ? step : { ...step, id: `p${n}.${again}` });
  }
  for (let n = 0; n < OTHERS; n += 1) steps.push(other(random, { id: `o${n}`, ...moments() }));
  return { channels, steps: steps.sort((a, b) => a.atMs - b.atMs) };
}

function someChannels(random: Random): readonly ChannelName[] {
  const left = [...CHANNELS];
  return Array.from({ length: CHANNELS_OF_A_WORLD }, () => {
    const [channel] = left.splice(Math.floor(random.next() * left.length), 1);
    return assertExists(channel, 'there are channels left');
  });
}

type Moment = ReturnType<Moments>;

function publish(
  random: Random,
  { id, big, ...moment }: Moment & { readonly id: string; readonly big: number },
): Extract<Step, { does: 'publish' }> {
  return {
    ...moment,
    client: Math.floor(random.next() * CLIENTS),
    does: 'publish',
    id,
    ack: pick(random, [undefined, undefined, 'primary', 'replicated', 'received']),
    bytes: random.next() < big ? BIG.bytes : 0,
  };
}

function other(random: Random, { id, ...moment }: Moment & { readonly id: string }): Step {
  const at = { ...moment, client: Math.floor(random.next() * CLIENTS) };
  const does = pick(random, ['send', 'send', 'leave', 'leave', 'show', 'show', 'history', 'ask'] as const);
  switch (does) {
    case 'send':
      return { ...at, does, id };
    case 'leave':
      // Some are back before anybody has answered.
      return { ...at, does, forMs: LEAVE_MS_MAX * random.next() ** 3 };
    case 'show':
    case 'history':
    case 'ask':
      return { ...at, does };
  }
}

/** The last publication of each channel, by which a lost tail would show. */
export function lastSteps(random: Random, channels: readonly ChannelName[], atMs: number): readonly Step[] {
  return channels.map(channel => ({
    atMs,
    client: Math.floor(random.next() * CLIENTS),
    channel,
    does: 'publish',
    id: `last-${channel.split(':')[0]}`,
    ack: undefined,
    bytes: 0,
  }));
}
