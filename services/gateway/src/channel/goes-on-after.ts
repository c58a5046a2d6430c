import type { Position, Resume } from '@kittiwake/protocol';

/** Up to which offset members still have everything once they have dropped what they must: the channel goes on behind it. */
export function goesOnAfter(resume: Resume, head: Position): number {
  switch (resume.outcome) {
    case 'truncated':
      return resume.divergedAt - 1;
    case 'trimmed':
      return resume.firstOffset - 1;
    default:
      return head.offset;
  }
}
