import { type ChannelName, epochAt, type Position } from '@kittiwake/protocol';
import type { Scene } from '../world/scene.ts';
import type { Canonical } from '../world/sim-tier.ts';
import type { Holding } from './told.ts';

/** A view, and from where on it gets what is new. */
export type Following = Holding & {
  /** From which gateway; `undefined` while it gets nothing and knows it. */
  readonly gateway: string | undefined;
  /** Where it goes on, which who holds nothing is not told of where that is further back (SPEC K10). */
  readonly goesOnFrom: Position | undefined;
  /** Since when it is behind, and at which gateway: another one has its own time. */
  behind: { readonly sinceMs: number; readonly gateway: string } | undefined;
};

/**
 * How long somebody who takes itself for connected may stay behind: a dead connection takes 12 s to notice (heartbeat of
 * the simulated gateways), a dead subscription 7 s (canary), and both need to be replaced.
 */
const BEHIND_MAX_MS = 15_000;

/** Holds everybody who is connected against the channel: nobody stays behind once nothing is in the way (I6). */
export function watchProgress(scene: Scene, views: Iterable<Following>): void {
  const truths = new Map<ChannelName, Canonical>();
  for (const view of views) {
    if (view.gateway === undefined || isUpToDate(view, truthOf(scene, view.channel, truths))) {
      view.behind = undefined;
      continue;
    }
    if (view.behind?.gateway !== view.gateway)
      view.behind = { sinceMs: scene.loop.nowMs, gateway: view.gateway };
    const machines = [view.owner, machineOf(view.gateway), 'tier'];
    const calmSinceMs = Math.max(scene.troubles.calmSinceMs(machines), scene.tier.healthySinceMs);
    const sinceMs = Math.max(view.behind.sinceMs, calmSinceMs);
    if (scene.loop.nowMs - sinceMs > BEHIND_MAX_MS) {
      scene.violate(
        'I6',
        `${view.owner} in ${view.channel} is connected to ${view.gateway}, and behind since ${sinceMs} ms`,
      );
      return;
    }
  }
}

/** Looked up once for all views of a channel. */
function truthOf(scene: Scene, channel: ChannelName, truths: Map<ChannelName, Canonical>): Canonical {
  const known = truths.get(channel);
  if (known !== undefined) return known;
  const truth = scene.tier.canonical(channel);
  truths.set(channel, truth);
  return truth;
}

function isUpToDate({ goesOnFrom: position }: Following, { head, chain }: Canonical): boolean {
  if (position === undefined || position.offset === 0) return head.offset === 0;
  return position.offset === head.offset && epochAt(chain, position.offset) === position.epoch;
}

/** The machine of a process called `g1.2`. */
function machineOf(process: string): string {
  return process.slice(0, process.indexOf('.'));
}
