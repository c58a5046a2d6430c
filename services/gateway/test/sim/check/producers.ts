import type { ChannelName } from '@kittiwake/protocol';
import type { Scene } from '../world/scene.ts';
import { idsIn } from './lost-publishes.ts';
import type { BookEntry, PublishBook, Wanted } from './publish-book.ts';

/** After the calm: what producers published in a channel that numbers it is in order, without holes, and of one life at a time. */
export function checkProducers(scene: Scene, book: PublishBook, channel: ChannelName): void {
  const asked = [...book.entries()].filter(({ wanted }) => wanted.channel === channel);
  const there = idsIn(scene, channel);
  checkOrder(scene, asked, there);
  checkHoles({ scene, book }, asked, there);
  checkFenced(scene, asked, there);
}

/** What one life of a producer published is in the history in the order in which it was asked for (I5; SPEC P8, K16). */
function checkOrder(scene: Scene, asked: readonly BookEntry[], there: ReadonlySet<string>): void {
  const orders = new Map(asked.map(({ wanted }, order) => [wanted.id, { order, wanted }]));
  const last = new Map<string, { readonly order: number; readonly id: string }>();
  for (const id of there) {
    const known = orders.get(id);
    if (known === undefined) continue;
    const lane = laneOf(known.wanted);
    const before = last.get(lane);
    if (before !== undefined && before.order > known.order)
      scene.violate('I5', `${lane} asked for ${id} before ${before.id}, which stands first`);
    last.set(lane, { order: known.order, id });
  }
}

/**
 * What was acknowledged to a producer and is gone, before one that is there, was told to it: its next number had to be
 * refused (I4; SPEC P9, P10, K16). A life that was lost as a whole may be taken for one that was forgotten by its age
 * where the clock of the client was set meanwhile.
 */
function checkHoles(
  { scene, book }: { readonly scene: Scene; readonly book: PublishBook },
  asked: readonly BookEntry[],
  there: ReadonlySet<string>,
): void {
  const gone = new Map<string, Wanted | undefined>();
  const clocksWereSet = scene.counts.has('fault client-clock');
  for (const { wanted, acks, doubtful } of asked) {
    const lane = laneOf(wanted);
    const before = gone.get(lane);
    if (!there.has(wanted.id)) {
      const mustKnow = gone.has(lane) || !clocksWereSet;
      const isLost = mustKnow && acks.length > 0 && !doubtful && !book.wasToldOfLoss(wanted);
      if (isLost) gone.set(lane, before ?? wanted);
    } else if (before === undefined) gone.set(lane, undefined);
    else
      scene.violate(
        'I4',
        `${before.id} was acknowledged to ${lane}, is gone, and ${wanted.id} was stored all the same`,
      );
  }
}

/** Nothing of an earlier life of a producer stands behind what a later one published (I5; SPEC P9). */
function checkFenced(scene: Scene, asked: readonly BookEntry[], there: ReadonlySet<string>): void {
  const lives = new Map(asked.map(({ wanted }) => [wanted.id, wanted]));
  const newest = new Map<string, Wanted>();
  for (const id of there) {
    const wanted = lives.get(id);
    if (wanted === undefined) continue;
    const before = newest.get(wanted.owner);
    if (before !== undefined && before.producerEpoch > wanted.producerEpoch)
      scene.violate('I5', `${id} of ${laneOf(wanted)} stands behind ${before.id} of ${laneOf(before)}`);
    newest.set(wanted.owner, wanted);
  }
}

/** A producer in one of its lives. */
function laneOf({ owner, producerEpoch }: Wanted): string {
  return `producer ${owner}@${producerEpoch}`;
}
