import type { Finding } from '../finding.ts';
import { EXCLUSIVE_MODULES, ROOMS, type Room } from '../import-table.ts';
import type { TreeRule } from '../rule.ts';
import type { SourceFile } from '../source-file.ts';
import { resolveImport, type Tree } from '../tree.ts';

/** Imports follow the table. Tests may import what they test from anywhere, and the testkit, which nothing else may. */
export const importRules: TreeRule = {
  name: 'import',
  *check(tree): Generator<Finding> {
    for (const file of tree.sources.values()) {
      const room = roomOf(file.path);
      if (room === undefined) {
        yield {
          path: file.path,
          line: 1,
          rule: 'import',
          message: 'stands in no room of tools/tidy/import-table.ts',
        };
        continue;
      }
      for (const { specifier, line } of file.imports) {
        const message = judge(tree, { file, room, specifier });
        if (message !== undefined) yield { path: file.path, line, rule: 'import', message };
      }
    }
  },
};

/** The room that a path stands in. */
export function roomOf(path: string): Room | undefined {
  return ROOMS.find(room => path === room.path || path.startsWith(`${room.path}/`));
}

type Import = { readonly file: SourceFile; readonly room: Room; readonly specifier: string };

function judge(tree: Tree, { file, room, specifier }: Import): string | undefined {
  const target = resolveImport(tree, file.path, specifier);
  if (target === undefined) return judgeForeign({ file, room, specifier });
  if (specifier.startsWith('.') && !/\.(tsx?|json)$/.test(specifier)) return `${specifier} must end in .ts`;
  const other = roomOf(target);
  if (other === undefined) return `${specifier} stands in no room of tools/tidy/import-table.ts`;
  if (other.name === room.name || file.isTest || isScript(file.path)) return undefined;
  if (!room.imports.includes(other.name)) return `${room.name} may not import ${other.name}`;
  return crossesByPath(specifier, room, other) ? `import ${other.name} by its package name` : undefined;
}

/** A package is entered by its door; only packages that k6 loads as files go around it. */
function crossesByPath(specifier: string, room: Room, other: Room): boolean {
  const loadedByPath = room.name === 'protocol' || room.name.startsWith('load-tests');
  return specifier.startsWith('.') && other.path.startsWith('packages/') && !loadedByPath;
}

function judgeForeign({ file, room, specifier }: Import): string | undefined {
  if (file.isTest || isScript(file.path) || room.name.endsWith('/tests')) return undefined;
  if (specifier.startsWith('node:'))
    return room.node ? undefined : `${room.name} runs without Node: no ${specifier}`;
  const module = specifier.startsWith('@')
    ? specifier.split('/').slice(0, 2).join('/')
    : (specifier.split('/')[0] ?? '');
  const owners = EXCLUSIVE_MODULES[module];
  if (owners === undefined || owners.includes(room.name)) return undefined;
  return `only ${owners.join(', ')} may import ${module}`;
}

/** Build scripts of a package run in Node, whatever the package itself runs in. */
function isScript(path: string): boolean {
  return /\/(scripts|bin)\//.test(path);
}
