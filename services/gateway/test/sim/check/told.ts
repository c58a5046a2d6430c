import { type ChannelName, epochAt, type Position } from '@kittiwake/protocol';
import type { Scene } from '../world/scene.ts';
import { conflates } from '../world/sim-config.ts';
import type { HistoryEntry } from './ledger.ts';

/** What an application holds of a channel. */
export type Holding = {
  readonly owner: string;
  readonly channel: ChannelName;
  readonly position: Position | undefined;
  readonly held: readonly HistoryEntry[];
  /** Whether it names the epochs of what it holds when it joins. */
  readonly keepsChain: boolean;
};

/** What is told takes its time to arrive: a truth of so long ago may be told still. */
const UNDER_WAY_MS = 10_000;

/** A view was told that what it holds from `from` on is lost: it is, and what stands before it is not (I4). */
export function checkTruncated(scene: Scene, view: Holding, from: number): void {
  if (isDoubtful(scene)) return;
  const isThere = isInHistory(scene, view.channel);
  const first = view.held.find(entry => entry.offset >= from);
  if (first !== undefined && isThere(first) && !mayBeOldNews(scene, view, first))
    scene.violate('I4', `${nameOf(view)} was told to drop ${first.offset}, which is there`);
  const before = view.held.findLast(entry => entry.offset < from);
  if (before !== undefined && !isThere(before) && isCalm(scene, view))
    scene.violate('I4', `${nameOf(view)} was told to keep ${before.offset}, which is not there`);
}

/**
 * A view was told that what comes up to `to` will not come: it is no longer kept, or in a channel that conflates there is
 * something newer (I4; SPEC C13).
 */
export function checkTrimmed(scene: Scene, view: Holding, to: number): void {
  if (isDoubtful(scene) || !isCalm(scene, view)) return;
  const firstKept = scene.tier.firstKept(view.channel);
  const { head } = scene.tier.canonical(view.channel);
  const isLeftOut = conflates(view.channel) && to < head.offset;
  if (to >= firstKept && !isLeftOut)
    scene.violate('I4', `${nameOf(view)} was told that ${to} is trimmed, but ${firstKept} is kept`);
}

/**
 * A view was told that nothing is known of what it holds: only where its history was lost as a whole, as far back as
 * something was trimmed out of it, or where what would have to replace the lost part is no longer kept (I4; SPEC C10).
 */
export function checkUnknown(scene: Scene, view: Holding): void {
  if (isDoubtful(scene)) return;
  const isThere = isInHistory(scene, view.channel);
  const last = view.held.at(-1);
  if (last === undefined || last.offset !== view.position?.offset) return;
  const lost = view.held.findIndex(entry => !isThere(entry));
  if (lost === -1 && !mayBeOldNews(scene, view, last))
    scene.violate('I4', `${nameOf(view)} was told that nothing is known of ${last.offset}, which is there`);
  const [before, first] = [view.held[lost - 1], view.held[lost]];
  if (!view.keepsChain || before === undefined || first === undefined) return;
  // Where some were trimmed out of what is lost, the epochs that it names begin behind them (SPEC C10).
  const isWhole = last.offset - before.offset === view.held.length - lost;
  const isKept = first.offset >= scene.tier.firstKept(view.channel);
  if (isWhole && isKept && !mayBeOldNews(scene, view, first))
    scene.violate(
      'I4',
      `${nameOf(view)} was told that nothing is known, where only what follows ${before.offset} is lost`,
    );
}

/** A view loses an entry of a channel that shows only what a replica holds: one did (I3; SPEC C11). */
export function checkShown(scene: Scene, view: Holding, { offset, epoch, id }: HistoryEntry): void {
  if (scene.tier.keeps(view.channel, { offset, epoch }))
    scene.violate('I3', `${nameOf(view)} was shown ${id} at ${offset}@${epoch}, which no replica ever held`);
}

/** What a primary did not have is there again where that primary is lost in turn: what was true meanwhile may arrive yet. */
function mayBeOldNews(scene: Scene, view: Holding, entry: HistoryEntry): boolean {
  return scene.tier.wasGone(view.channel, entry) && !isCalm(scene, view);
}

/** Two primaries answered not long ago, each by its own history. */
function isDoubtful({ tier, loop }: Scene): boolean {
  return loop.nowMs < tier.doubtfulUntilMs;
}

/** Nothing has changed the history, or kept news of it from the view, for long enough. */
function isCalm({ troubles, loop }: Scene, { owner }: Holding): boolean {
  return loop.nowMs - troubles.calmSinceMs([owner, 'tier']) > UNDER_WAY_MS;
}

function isInHistory(scene: Scene, channel: ChannelName): (entry: HistoryEntry) => boolean {
  const { chain, head } = scene.tier.canonical(channel);
  return ({ offset, epoch }) => offset <= head.offset && epochAt(chain, offset) === epoch;
}

function nameOf({ owner, channel }: Holding): string {
  return `${owner} in ${channel}`;
}
