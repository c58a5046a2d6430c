import { modeOf } from './channel-mode.ts';
import type { Finding, FindingKind } from './finding.ts';
import type { PublishLine } from './log-lines.ts';
import type { SurvivingLog } from './surviving-log.ts';

/** Whether some client was told that this publish is lost. */
export type WasTold = (line: PublishLine) => boolean;

/** Judges how a publish ended by the log that survived. */
export function judgePublish(line: PublishLine, log: SurvivingLog, wasTold: WasTold): readonly Finding[] {
  const { id, channel, outcome, position } = line;
  const offset = log.offsetOf(id);
  const finding = (kind: FindingKind, detail: string): Finding => ({ kind, count: 1, channel, detail });
  switch (outcome) {
    case 'unknown':
      return [finding('unsettled', `publish ${id}, ${line.attempts} attempts: ${line.failure}`)];
    case 'rejected':
      // After an attempt whose outcome is unknown, a refusal of the next says nothing about it.
      if (offset === undefined || line.attempts > 1) return [];
      return [finding('rejected-yet-stored', `publish ${id} (${line.failure}) stands at ${offset}`)];
    case 'primary':
    case 'replicated': {
      if (offset === undefined) return lostFindings(line, wasTold);
      if (position === undefined || log.epochAt(position.offset) !== position.epoch) return [];
      const there = log.idAt(position.offset);
      if (there === id) return [];
      return [
        finding(
          there === undefined ? 'unchecked' : 'misplaced-ack',
          `publish ${id} was acknowledged at ${position.offset}, where ${there} stands`,
        ),
      ];
    }
  }
}

/** An acknowledged publish that no log has any more, and whether anybody was told. */
export function lostFindings(line: PublishLine, wasTold: WasTold): readonly Finding[] {
  const { id, channel, outcome, position } = line;
  const where = position === undefined ? 'nowhere' : `${position.offset} of ${position.epoch}`;
  const detail = `publish ${id}, acknowledged as ${outcome} at ${where}`;
  const lost: Finding = {
    kind: outcome === 'replicated' ? 'lost-replicated' : 'lost-primary',
    count: 1,
    channel,
    detail,
  };
  const findings: Finding[] = [lost];
  if (!wasTold(line)) findings.push({ ...lost, kind: 'untold-loss' });
  if (['republish', 'numbered'].includes(modeOf(channel)))
    findings.push({ ...lost, kind: 'not-republished' });
  return findings;
}
