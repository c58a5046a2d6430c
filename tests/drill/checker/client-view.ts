import type { BegunLine, ChangeLine, RunLine } from './log-lines.ts';

/** Offsets `from`–`to` of one history. */
export type Stretch = { readonly epoch: string; readonly from: number; readonly to: number };

/**
 * What an application holds of a channel, after what it was handed and what it was told to drop: everything from
 * `after` (exclusive) up to the end of the last stretch. Stretches ascend and do not overlap.
 */
export type ClientView = { readonly after: number; readonly stretches: readonly Stretch[] };

/** What does not follow on from the view before. */
export type Misstep = {
  readonly kind: 'duplicate' | 'reordering' | 'hole';
  readonly count: number;
  readonly detail: string;
};

/** A view of nothing, from where the client begins. */
export function beginView({ offset }: BegunLine): ClientView {
  return { after: offset, stretches: [] };
}

/** The last offset that the view holds, or after which it begins. */
export function endOf({ after, stretches }: ClientView): number {
  return stretches.at(-1)?.to ?? after;
}

/** The view after a run of deliveries, and whether they follow on. */
export function extendView(
  view: ClientView,
  run: RunLine,
): { readonly view: ClientView; readonly missteps: readonly Misstep[] } {
  const end = endOf(view);
  const { epoch, from, to } = run;
  if (from === end + 1) return { view: append(view, run), missteps: [] };
  if (from > end + 1) {
    const hole: Misstep = {
      kind: 'hole',
      count: from - end - 1,
      detail: `${end + 1}–${from - 1} of ${epoch} were not handed over`,
    };
    return { view: append(view, run), missteps: [hole] };
  }
  return repeat(view, run, Math.min(to, end));
}

/** The view after the application was told of a change. */
export function changeView(view: ClientView, change: ChangeLine): ClientView {
  switch (change.outcome) {
    case 'truncated':
      return cutView(view, change.from - 1);
    // What follows begins elsewhere; what was held before is judged when the change is.
    case 'trimmed':
      return { after: change.to, stretches: [] };
    case 'unknown':
      return { after: change.after, stretches: [] };
  }
}

/** The view without what is beyond `last`. */
export function cutView({ after, stretches }: ClientView, last: number): ClientView {
  const kept = stretches
    .filter(({ from }) => from <= last)
    .map(stretch => (stretch.to <= last ? stretch : { ...stretch, to: last }));
  return { after: Math.min(after, Math.max(last, 0)), stretches: kept };
}

/** Offsets that were handed over before: the same history is a duplicate, another one is out of order. */
function repeat(
  view: ClientView,
  run: RunLine,
  lastRepeated: number,
): { readonly view: ClientView; readonly missteps: readonly Misstep[] } {
  const { epoch, from } = run;
  let duplicates = 0;
  for (const stretch of view.stretches) {
    if (stretch.epoch !== epoch) continue;
    duplicates += Math.max(0, Math.min(stretch.to, lastRepeated) - Math.max(stretch.from, from) + 1);
  }
  const others = lastRepeated - from + 1 - duplicates;
  const detail = `${from}–${lastRepeated} of ${epoch} came after ${endOf(view)}`;
  const missteps: Misstep[] = [];
  if (duplicates > 0) missteps.push({ kind: 'duplicate', count: duplicates, detail });
  if (others > 0) missteps.push({ kind: 'reordering', count: others, detail });
  const base = others > 0 ? cutView(view, from - 1) : view;
  const rest = { ...run, from: others > 0 ? from : lastRepeated + 1 };
  return { view: rest.from <= rest.to ? append(base, rest) : base, missteps };
}

function append({ after, stretches }: ClientView, { epoch, from, to }: Stretch): ClientView {
  const last = stretches.at(-1);
  if (last?.epoch === epoch && last.to === from - 1)
    return { after, stretches: [...stretches.slice(0, -1), { ...last, to }] };
  return { after, stretches: [...stretches, { epoch, from, to }] };
}
