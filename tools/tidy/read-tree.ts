import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Tree, treeOf } from './tree.ts';

const SKIPPED = new Set([
  'node_modules',
  'dist',
  'imports',
  'coverage',
  'results',
  '.git',
  '.cache',
  '.kittiwake',
]);
const TEXT = /(\.(tsx?|m?js|json|ya?ml|md|lua|html|css|sh|conf|Dockerfile)|(^|\/)(Dockerfile|run))$/;
const GENERATED = /(^|\/)package-lock\.json$/;

/** Reads the repository at `root`. */
export function readTree(root: string): Tree {
  const files: Record<string, string> = {};
  for (const path of list(root, '')) files[path] = readFileSync(join(root, path), 'utf8');
  return treeOf(files);
}

function* list(root: string, folder: string): Generator<string> {
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory() && !SKIPPED.has(entry.name)) yield* list(root, path);
    if (entry.isFile() && TEXT.test(path) && !GENERATED.test(path)) yield path;
  }
}
