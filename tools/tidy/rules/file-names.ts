import type { Finding } from '../finding.ts';
import type { TreeRule } from '../rule.ts';

const KEBAB = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9-]+)*\.tsx?$/;
const EMPTY_NAMES = /^(utils?|helpers?|common|types|misc|shared|lib)(\.test)?\.tsx?$/;

/** Files are named in kebab case after the one thing that they export; a name that would fit any file says nothing. */
export const fileNames: TreeRule = {
  name: 'file-name',
  *check(tree): Generator<Finding> {
    for (const path of tree.sources.keys()) {
      const name = path.slice(path.lastIndexOf('/') + 1);
      if (EMPTY_NAMES.test(name))
        yield { path, line: 1, rule: 'file-name', message: `${name} says nothing: name the idea` };
      else if (!KEBAB.test(name))
        yield { path, line: 1, rule: 'file-name', message: `${name} is not kebab case` };
    }
  },
};
