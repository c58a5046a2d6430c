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
    find: 'const point = rewind(held, resume.divergedAt - 1);',
    replace: 'const point = rewind(held, resume.divergedAt);',
    why: 'after a truncation the SDK goes on one offset too far ahead',
    breaks: 'I1',
  },
  {
    name: 'joins-from-the-beginning-of-time',
    file: `${SRC}/channel/join-message.ts`,
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
    find: "this.#fired('silence');",
    replace: '',
    why: 'a connection on which nothing is heard any more is kept',
    breaks: 'I6',
  },
  {
    name: 'not-rewound',
    file: `${SRC}/channel/resume.ts`,
    find: 'const point = rewind(held, resume.divergedAt - 1);',
    replace: 'const point = held;',
    why: 'after a truncation the SDK goes on from what it had, which is lost',
    breaks: 'I4',
  },
  {
    name: 'sent-ones-forgotten',
    file: `${SRC}/publish/publish-queue.ts`,
    find: "if (entry.phase === 'sent') this.#requeue(entry, true);\n",
    replace: "if (entry.phase === 'sent') this.#remove(entry);\n",
    why: 'the queue forgets what was sent, and not answered, when the connection is lost',
    breaks: 'I5',
  },
  {
    name: 'sent-again-under-another-key',
    file: `${SRC}/publish/publish-queue.ts`,
    find: 'if (!send(entry.data)) return false;',
    replace:
      'if (!send(entry.doubted ? String(entry.data).replace(\'"key":"\', \'"key":"again-\') : entry.data)) return false;',
    why: 'a publish that is sent again gets another key',
    breaks: 'I2',
  },
  {
    name: 'goaway-taken-for-the-end',
    file: `${SRC}/connection/while-connected.ts`,
    find: 'return giveUp(state, 4450, context);',
    replace: "return { state: { phase: 'closed', ending: endingOfClose(4450) }, effects: [] };",
    why: 'a client that is sent away by a gateway that drains never comes back',
    breaks: 'I5',
  },
  {
    name: 'lost-publishes-forgotten',
    file: `${SRC}/publish/history-cut.ts`,
    find: 'remembered.entry.republish &&\n',
    replace: 'remembered.entry.order < 0 &&\n',
    why: 'what a failover cut off is not published again, and nobody is told',
    breaks: 'I4',
  },
];
