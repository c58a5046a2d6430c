import type { ChannelName } from '@kittiwake/protocol';
import type { Scene } from '../world/scene.ts';
import { checkChain } from './chain.ts';
import type { PublishBook } from './publish-book.ts';
import type { Holding } from './told.ts';

/** A world after the calm. */
export type Ended = {
  readonly scene: Scene;
  readonly apps: readonly { readonly views: ReadonlyMap<ChannelName, Holding> }[];
  readonly book: PublishBook;
};

/** After the calm: every view is the end of its history, every publish is settled, every outcome was true (I2, I3, I5). */
export function checkEnd({ scene, apps, book }: Ended): void {
  const views = apps.flatMap(app => [...app.views.values()]);
  for (const view of views) checkView(scene, view);
  for (const channel of new Set(views.map(view => view.channel))) {
    checkChain(scene, channel);
    checkHistory(scene, channel);
  }
  if (scene.ledger.clash !== undefined) scene.violate('I0', scene.ledger.clash);
  book.checkAll();
}

function checkView(scene: Scene, { channel, owner, position, held }: Holding): void {
  const { head, chain } = scene.tier.canonical(channel);
  const at = position === undefined ? 'nowhere' : `${position.offset}@${position.epoch}`;
  if (position?.offset !== head.offset)
    scene.violate(
      'I5',
      `${owner} in ${channel} stands at ${at}, the channel at ${head.offset}@${head.epoch}`,
    );
  const history = new Map(
    scene.ledger.historyOf(channel, chain, head.offset).map(entry => [entry.offset, entry]),
  );
  for (const { offset, epoch, id } of held) {
    const entry = history.get(offset);
    if (entry?.epoch !== epoch || entry.id !== id) {
      const there = entry === undefined ? 'nothing' : `${entry.id}@${entry.epoch}`;
      scene.violate('I5', `${owner} in ${channel} holds ${id} at ${offset}@${epoch}, where ${there} is`);
    }
  }
}

/** No publication is in a history twice (I2). */
function checkHistory(scene: Scene, channel: ChannelName): void {
  const { head, chain } = scene.tier.canonical(channel);
  const seen = new Map<string, number>();
  for (const { offset, id } of scene.ledger.historyOf(channel, chain, head.offset)) {
    const before = seen.get(id);
    if (before !== undefined) scene.violate('I2', `${channel} has ${id} at ${before} and at ${offset}`);
    seen.set(id, offset);
  }
}
