import { modeOf } from './channel-mode.ts';
import { type ClientView, endOf } from './client-view.ts';
import type { Finding, FindingKind } from './finding.ts';
import type { ChangeLine } from './log-lines.ts';
import { firstLost, type SurvivingLog } from './surviving-log.ts';

/** What a client was told, and what it held at that moment. */
export type ToldChange = { readonly change: ChangeLine; readonly before: ClientView };

/** Whether a change was told rightly: `signalled` is a loss that was told at its very first offset. */
export type ChangeVerdict = 'signalled' | Finding;

/**
 * Judges what a client was told by the log that survived. A loss is told as `truncated` from the first offset that the
 * client held and the log has not; everything else is too much, too little, or without need.
 */
export function judgeChange({ change, before }: ToldChange, log: SurvivingLog): ChangeVerdict {
  const lost = firstLost(before, log);
  const finding = (kind: FindingKind, detail: string): Finding => ({
    kind,
    count: 1,
    channel: change.channel,
    client: change.client,
    detail,
  });
  const held = `held up to ${endOf(before)}, first lost ${lost ?? 'nothing'}`;
  switch (change.outcome) {
    case 'trimmed':
      return finding('trimmed', `told ${change.from}–${change.to} are not kept; ${held}`);
    case 'unknown':
      return finding(lost === undefined ? 'false-resync' : 'without-offset', `told unknown; ${held}`);
    case 'truncated': {
      const said = `told truncated ${change.from}–${change.to}; ${held}`;
      if (lost === undefined) return finding('false-resync', said);
      if (modeOf(change.channel) === 'safe') return finding('shown-too-soon', said);
      return change.from === lost && change.to === endOf(before)
        ? 'signalled'
        : finding('wrong-offset', said);
    }
  }
}

/** What a client holds when all is quiet, beside the log: what it should have been told of, and what it lacks. */
export function judgeView(
  view: ClientView,
  log: SurvivingLog,
  { client, channel }: { readonly client: string; readonly channel: string },
): readonly Finding[] {
  const lost = firstLost(view, log);
  const end = endOf(view);
  if (lost !== undefined) {
    const detail = `holds ${lost}–${end}, which the log (head ${log.head}) has not, and was not told`;
    return [{ kind: 'silent-loss', count: end - lost + 1, channel, client, detail }];
  }
  if (end === log.head) return [];
  const detail = `has everything up to ${end}; the log's head is ${log.head}`;
  return [{ kind: 'behind', count: Math.max(1, log.head - end), channel, client, detail }];
}
