import { type ChannelName, epochAt } from '@kittiwake/protocol';
import type { Scene } from '../world/scene.ts';

/** After the calm a channel's chain names the epoch of everything that its history has (I0; SPEC B3). */
export function checkChain(scene: Scene, channel: ChannelName): void {
  const { head, chain } = scene.tier.canonical(channel);
  for (const { offset, epoch, id } of scene.ledger.entriesOf(channel)) {
    const isTold = offset <= head.offset && epochAt(chain, offset) === epoch;
    if (isTold || !scene.tier.holds(channel, { offset, epoch })) continue;
    scene.violate('I0', `${id} at ${offset}@${epoch} is in the history of ${channel}, and not in its chain`);
    return;
  }
}
