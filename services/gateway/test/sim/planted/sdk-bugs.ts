import type { PlantedBug } from './planted-bug.ts';

const SRC = 'packages/client/src';

/** Mistakes in the SDK. */
export const SDK_BUGS: readonly PlantedBug[] = [
  {
    name: 'gap-delivered',
    file: `${SRC}/channel/resume.ts`,
    find: "if (next.offset > position.offset) return 'gap';",
    replace: "if (next.offset > position.offset) return 'deliver';",
    why: 'a publication is delivered although one before it is missing',
    breaks: 'I1',
  },
  {
    name: 'duplicate-delivered',
    file: `${SRC}/channel/resume.ts`,
    find: "=== next.epoch ? 'duplicate' : 'gap';",
    replace: "=== next.epoch ? 'deliver' : 'gap';",
    why: 'a publication that arrives twice is delivered twice',
    breaks: 'I1',
  },
  {
    name: 'rewound-too-little',
    file: `${SRC}/channel/resume.ts`,
    find: 'const point = rewind(held, from - 1);',
    replace: 'const point = rewind(held, from);',
    why: 'after a truncation the SDK goes on one offset too far ahead',
    breaks: 'I1',
  },
  {
    name: 'joins-from-the-beginning-of-time',
    file: `${SRC}/channel/membership.ts`,
    find: '...(position === undefined ? {} : { position }),',
    replace: '',
    why: 'a rejoin does not say where the application is',
    breaks: 'I4',
  },
  {
    name: 'doubt-forgotten',
    file: `${SRC}/publish/publish-queue.ts`,
    find: 'entry.doubted ||= doubted;',
    replace: 'entry.doubted = false;',
    why: 'a publish that was sent, and not answered, is called rejected where a repetition is refused',
    breaks: 'I5',
  },
  {
    name: 'numbered-anew-at-each-sending',
    file: `${SRC}/publish/publish-queue.ts`,
    find: 'if (entry.lane !== undefined && entry.sequence === undefined) {',
    replace: 'if (entry.lane !== undefined) {',
    why: 'a numbered publish that is sent again gets another number',
    breaks: 'I2',
  },
  {
    name: 'silence-not-noticed',
    file: `${SRC}/connection/phase-timers.ts`,
    find: 'if (leftMs <= 0) {',
    replace: 'if (leftMs <= -1e9) {',
    why: 'a connection on which nothing is heard any more is kept',
    breaks: 'I6',
  },
  {
    name: 'lost-publishes-forgotten',
    file: `${SRC}/publish/history-cut.ts`,
    find: 'at.offset >= from && epochAt(held, at.offset) === at.epoch;',
    replace: 'at.offset < 0 && epochAt(held, at.offset) === at.epoch;',
    why: 'what a truncation cut off is not published again',
    breaks: 'I4',
  },
];
