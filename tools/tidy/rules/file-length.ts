import type { Finding } from '../finding.ts';
import type { TreeRule } from '../rule.ts';

/** Longest file, in lines; it only goes down. */
const LINES_MAX = 250;

/** A file that does not fit on a few screens holds more than one concept. */
export const fileLength: TreeRule = {
  name: 'file-length',
  *check(tree): Generator<Finding> {
    for (const { path, lineCount } of tree.sources.values()) {
      if (lineCount > LINES_MAX) {
        yield {
          path,
          line: LINES_MAX + 1,
          rule: 'file-length',
          message: `${lineCount} lines, at most ${LINES_MAX}`,
        };
      }
    }
  },
};
