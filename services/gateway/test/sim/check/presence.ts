import type { ChannelName, PresenceEntry } from '@kittiwake/protocol';
import type { Scene } from '../world/scene.ts';

/** Who shows what, and whom it sees. */
export type Shown = {
  readonly name: string;
  readonly shown: number | undefined;
  readonly client: Seeing | undefined;
};

type Seeing = {
  readonly client: {
    readonly status: { readonly phase: string; readonly session?: string };
    channel(name: string): { readonly presence: readonly PresenceEntry[] };
  };
};

/**
 * After the calm everybody who is in the channel sees everybody, and what each shows last (I5; SPEC E1–E3). Whoever is coming
 * back at this moment is not in it: a token may end at any time, where what was left of it was heard late, or was too little to plan with.
 */
export function checkPresence(scene: Scene, apps: readonly Shown[], channel: ChannelName): void {
  const showing = apps.filter(
    app => app.shown !== undefined && app.client?.client.status.phase === 'connected',
  );
  for (const viewer of showing) {
    const view = viewer.client?.client.channel(channel).presence ?? [];
    const seen = new Map(view.map(({ member, data }) => [String(member), data]));
    for (const { name, shown, client } of showing) {
      const data = seen.get(client?.client.status.session ?? '') as { readonly shown?: unknown } | undefined;
      if (data?.shown === shown) continue;
      scene.violate(
        'I5',
        `${viewer.name} sees ${JSON.stringify(data)} of ${name} in ${channel}, who shows ${shown}`,
      );
      return;
    }
  }
}
