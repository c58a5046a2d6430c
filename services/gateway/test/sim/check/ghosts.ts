import type { ChannelName } from '@kittiwake/protocol';
import type { Scene } from '../world/scene.ts';
import type { Shown } from './presence.ts';

/** How long news of a list may be under way. */
const NEWS_MS = 1_000;
/** How long an entry may outlive whoever showed it: its time to live, and until somebody looks for those that expired. */
const GHOST_MAX_MS = 45_000;

/** After the calm nobody sees anybody who is not listed (I5; SPEC E2, E3). */
export function checkSeen(scene: Scene, apps: readonly Shown[], channel: ChannelName): void {
  if (ghostOf(scene, apps, channel) === undefined) return;
  // It may have been taken off the list just now.
  scene.loop.run(scene.loop.nowMs + NEWS_MS);
  const ghost = ghostOf(scene, apps, channel);
  if (ghost !== undefined) scene.violate('I5', ghost);
}

/** Once everybody is gone the list is empty, sooner or later: what nobody keeps up expires (I5; SPEC E4, E5). */
export function checkNobodyListed(scene: Scene, channel: ChannelName): void {
  const { loop, tier } = scene;
  const untilMs = loop.nowMs + GHOST_MAX_MS;
  while (tier.listed(channel).length > 0 && loop.nowMs < untilMs) loop.run(loop.nowMs + NEWS_MS);
  const left = tier.listed(channel);
  if (left.length > 0) scene.violate('I5', `${left.join(', ')} are listed in ${channel}, and long gone`);
}

function ghostOf({ tier }: Scene, apps: readonly Shown[], channel: ChannelName): string | undefined {
  const listed = new Set(tier.listed(channel));
  for (const { name, client } of apps)
    for (const { member } of client?.client.channel(channel).presence ?? [])
      if (!listed.has(String(member))) return `${name} sees ${member} in ${channel}, whom nobody lists`;
  return undefined;
}
