import type { ClientView, Stretch } from './client-view.ts';
import type { ChangeLine } from './log-lines.ts';

/** What clients were told to drop, channel by channel. */
export class ToldLosses {
  readonly #dropped = new Map<string, Stretch[]>();

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

  /** Whether some client was told that what stood there is lost. */
  has(place: { readonly channel: string; readonly epoch: string; readonly offset: number }): boolean {
    const { channel, epoch, offset } = place;
    const stretches = this.#dropped.get(channel) ?? [];
    return stretches.some(one => one.epoch === epoch && one.from <= offset && offset <= one.to);
  }
}

/** Hundreds of clients are told the same: a stretch that is covered already is not kept twice. */
function insert(stretches: Stretch[], stretch: Stretch): void {
  const covered = stretches.some(
    one => one.epoch === stretch.epoch && one.from <= stretch.from && stretch.to <= one.to,
  );
  if (!covered) stretches.push(stretch);
}
