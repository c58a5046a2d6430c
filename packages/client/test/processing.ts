import type { Channel } from '../src/channel/channel.ts';
import type { Delivery, ProcessOptions } from '../src/channel/deliveries.ts';
import type { ResumePoint } from '../src/channel/resume.ts';
import type { AnyEvents } from '../src/typed-events.ts';
import { connectedWorld, type World } from './connected-client.ts';

const CHANNEL = 'chat:1';

/** What a handler is given, and how the test ends its work. */
type Work = {
  readonly text: string;
  readonly commit: ResumePoint;
  done(): void;
  fail(reason: unknown): void;
};

/** A world with a channel that is processed. */
export type Processing = World & {
  readonly channel: Channel<AnyEvents>;
  readonly works: Work[];
  /** What listeners were told. */
  readonly told: readonly string[];
  readonly ended: Promise<string>;
  /** Ends the oldest work that is open, and lets the next begin. */
  next(): Promise<void>;
};

/** Reads like `a1`, `truncated 2-3`, `unknown 4`. */
export function textOf(delivery: Delivery<AnyEvents>): string {
  if (delivery.type === 'publication') {
    const { epoch, offset } = delivery.publication.position;
    return `${epoch}${offset}`;
  }
  const { change } = delivery;
  return change.outcome === 'unknown'
    ? `unknown ${change.from}`
    : `${change.outcome} ${change.from}-${change.to}`;
}

/** A channel whose handler works until the test says that it is done. */
export async function processing(options: ProcessOptions = {}): Promise<Processing> {
  const world = await connectedWorld();
  const channel = world.client.channel(CHANNEL);
  const works: Work[] = [];
  const told: string[] = [];
  channel.on('publication', ({ position }) => told.push(`${position.epoch}${position.offset}`));
  channel.onTruncated(({ from, to }) => told.push(`truncated ${from}-${to}`));
  channel.on('error', ({ kind }) => told.push(`error ${kind}`));
  const ended = channel
    .process(
      (delivery, commit) =>
        new Promise<void>((done, fail) => works.push({ text: textOf(delivery), commit, done, fail })),
      options,
    )
    .then(result => (result.ok ? 'ok' : result.error.kind));
  await world.clock.run(50);
  let finished = 0;
  const next = async (): Promise<void> => {
    works[finished]?.done();
    finished += 1;
    await world.clock.run(50);
  };
  return { ...world, channel, works, told, ended, next };
}

/** What was handed over so far. */
export const texts = ({ works }: Processing): string[] => works.map(({ text }) => text);
/** A backend publishes so many. */
export const publish = async ({ gateway, clock }: World, count: number): Promise<void> => {
  for (let index = 0; index < count; index += 1) gateway.publish(CHANNEL);
  await clock.run(50);
};
