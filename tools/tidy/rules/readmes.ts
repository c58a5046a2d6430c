import type { Finding } from '../finding.ts';
import { ROOMS } from '../import-table.ts';
import type { TreeRule } from '../rule.ts';
import type { Tree } from '../tree.ts';

const LINES_MAX = 15;
const TOP_LEVEL = ['services', 'infra', 'docs', 'packages'];

/** Every room, workspace and top-level folder says what it is for; a room's page has at most 15 lines. */
export const readmes: TreeRule = {
  name: 'readme',
  *check(tree): Generator<Finding> {
    for (const folder of foldersToDescribe(tree)) {
      if (!tree.texts.has(`${folder}/README.md`)) {
        yield { path: folder, line: 1, rule: 'readme', message: 'has no README.md' };
      }
    }
    for (const path of tree.texts.keys()) {
      const lines = isRoomPage(path) ? (tree.texts.get(path) ?? '').trimEnd().split('\n').length : 0;
      if (lines > LINES_MAX)
        yield { path, line: LINES_MAX + 1, rule: 'readme', message: `${lines} lines, at most ${LINES_MAX}` };
    }
  },
};

function foldersToDescribe(tree: Tree): readonly string[] {
  const rooms = ROOMS.map(room => room.path).filter(path => !/\.ts$|\/src$/.test(path));
  const workspaces = [...tree.texts.keys()]
    .filter(path => /\/package\.json$/.test(path))
    .map(path => path.replace(/\/package\.json$/, ''));
  const roomless = [...tree.folders].filter(path => /^services\/[^/]+\/src\/[^/]+$/.test(path));
  return [...new Set([...TOP_LEVEL, ...rooms, ...workspaces, ...roomless])]
    .filter(path => tree.folders.has(path))
    .sort();
}

function isRoomPage(path: string): boolean {
  return /^services\/[^/]+\/src\/[^/]+\/README\.md$/.test(path);
}
