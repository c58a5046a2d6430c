import type { ClientView, Stretch } from './client-view.ts';
import type { ChangeLine, LostLine, PublishLine } from './log-lines.ts';

/** What clients were told to drop, channel by channel, and what they were told of their own publishes. */
export class ToldLosses {
  readonly #dropped = new Map<string, Stretch[]>();
  /** What the clients that published were told, by their name. */
  readonly #lost = new Map<string, LostLine[]>();

  /** Takes what a client held and what it was told. */
  add(change: ChangeLine, before: ClientView): void {
    if (change.outcome === 'trimmed') return;
    const from = change.outcome === 'truncated' ? change.from : 0;
    const stretches = this.#dropped.get(change.channel) ?? [];
    for (const stretch of before.stretches) {
      if (stretch.to >= from) insert(stretches, { ...stretch, from: Math.max(stretch.from, from) });
    }
    this.#dropped.set(change.channel, stretches);
  }

  /** Takes what a client was told of its own publishes. */
  addLost(line: LostLine): void {
    this.#lost.set(line.client, [...(this.#lost.get(line.client) ?? []), line]);
  }

  /** Whether a client that held the publication was told to drop it, or who published it that it is lost. */
  has({ channel, client, position }: PublishLine): boolean {
    if (position === undefined) return false;
    const { epoch, offset } = position;
    const covers = (one: { readonly from: number; readonly to: number }): boolean =>
      one.from <= offset && offset <= one.to;
    const dropped = this.#dropped.get(channel) ?? [];
    const lost = this.#lost.get(client) ?? [];
    return (
      dropped.some(one => one.epoch === epoch && covers(one)) ||
      lost.some(one => one.channel === channel && covers(one))
    );
  }
}

/** Hundreds of clients are told the same: a stretch that is covered already is not kept twice. */
function insert(stretches: Stretch[], stretch: Stretch): void {
  const covered = stretches.some(
    one => one.epoch === stretch.epoch && one.from <= stretch.from && stretch.to <= one.to,
  );
  if (!covered) stretches.push(stretch);
}
