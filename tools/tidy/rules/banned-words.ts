import type { Finding } from '../finding.ts';
import type { TreeRule } from '../rule.ts';

/** Paths that exist on one machine only, and notes to oneself. Put together here so that this file does not break its own rule. */
const BANNED: readonly { readonly pattern: RegExp; readonly why: string }[] = [
  {
    pattern: new RegExp(`(?<![\\w.@-])/(?:${['work', 'root', 'tmp/n'].join('|')})/`),
    why: "a path of somebody's machine",
  },
  {
    pattern: new RegExp(`\\b(?:${['FIX', 'TO', 'XX'].map((a, i) => a + ['ME', 'DO', 'X'][i]).join('|')})\\b`),
    why: 'a note to oneself: do it, or write an issue',
  },
];

/** Words that no text file may have. */
export const bannedWords: TreeRule = {
  name: 'banned-word',
  *check(tree): Generator<Finding> {
    for (const [path, text] of tree.texts) {
      // An image has folders of its own.
      if (path.endsWith('Dockerfile')) continue;
      for (const { pattern, why } of BANNED) {
        const match = pattern.exec(text);
        if (match === null) continue;
        const line = text.slice(0, match.index).split('\n').length;
        yield { path, line, rule: 'banned-word', message: `${match[0]} is ${why}` };
      }
    }
  },
};
