import type { ChannelName } from '@kittiwake/protocol';
import type { Scene } from '../world/scene.ts';
import type { PublishBook } from './publish-book.ts';

/** An application whose publishes are looked after. */
export type Publisher = {
  readonly name: string;
  readonly life: number;
  readonly views: ReadonlyMap<ChannelName, unknown>;
  readonly traits: { readonly republishes: boolean };
};

/**
 * What was acknowledged to a process that still runs, in a channel where it has lost publishes published again, is in
 * the history, or the process was told that it may not be (I4; SPEC K17).
 */
export function checkRepublished(
  { scene, book }: { readonly scene: Scene; readonly book: PublishBook },
  apps: readonly Publisher[],
  channel: ChannelName,
): void {
  const alive = new Set(
    apps
      .filter(app => app.traits.republishes && app.views.has(channel))
      .map(({ name, life }) => `${name}.${life}`),
  );
  const there = idsIn(scene, channel);
  for (const { wanted, acks, doubtful } of book.entries()) {
    const { id, owner, life } = wanted;
    if (
      wanted.channel !== channel ||
      acks.length === 0 ||
      acks.some(ack => ack.replicated) ||
      there.has(id) ||
      !alive.has(`${owner}.${life}`)
    )
      continue;
    if (!doubtful && !book.wasToldOfLoss({ owner, life, channel }))
      scene.violate('I4', `${id} was acknowledged to ${owner}, is gone, and nothing was said about it`);
  }
}

/** What is in the history of a channel, in its order. */
export function idsIn(scene: Scene, channel: ChannelName): ReadonlySet<string> {
  const { chain, head } = scene.tier.canonical(channel);
  return new Set(scene.ledger.historyOf(channel, chain, head.offset).map(({ id }) => id));
}
