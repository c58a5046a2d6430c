import { posix } from 'node:path';
import type { Tree } from './tree.ts';

/** Files that something else than npm starts: people, k6, benchmarks. Whatever a package.json names is an entry point as well. */
const ENTRY_POINTS: readonly RegExp[] = [
  /(^|\/)main\.tsx?$/,
  /(^|\/)scripts\/[^/]+\.ts$/,
  /(^|\/)bench\/[^/]+\.ts$/,
  /^packages\/testkit\/src\//,
  /^load-tests\/scenarios\/[^/]+\.ts$/,
  /\.config\.ts$/,
];

/** Whatever is started, not imported. */
export function entryPoints(tree: Tree): ReadonlySet<string> {
  const named = [...tree.texts].flatMap(([path, text]) =>
    path.endsWith('package.json') ? namedIn(path, text) : [],
  );
  const matching = [...tree.sources.keys()].filter(path => ENTRY_POINTS.some(pattern => pattern.test(path)));
  return new Set([...named, ...matching]);
}

/** Files that a package.json names in its scripts, exports or bin. */
function namedIn(manifest: string, text: string): readonly string[] {
  const folder = posix.dirname(manifest);
  return [...text.matchAll(/[\w./-]+\.tsx?\b/g)].map(match => posix.join(folder, match[0]));
}
