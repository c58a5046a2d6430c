import { readFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';

/**
 * Prints how much of the SDK a browser loads: every module that `src/index.ts` reaches, types and comments taken off,
 * gzipped together. Names are not shortened, so a bundler does better: an upper bound.
 */

const ROOT = join(import.meta.dirname, '../../..');
const IMPORT = /^(?:import|export)\s(?!type\b)[^;]*?from\s*'([^']+)'/gms;

const sources = new Map<string, string>();
await load(join(ROOT, 'packages/client/src/index.ts'));
const text = [...sources.values()].join('\n');
const gzipped = gzipSync(text, { level: 9 }).length;
console.log(
  `${sources.size} modules, ${kilobytes(text.length)} KB without types and comments, ${kilobytes(gzipped)} KB gzipped`,
);
for (const name of ['base', 'protocol', 'client']) {
  const own = [...sources].filter(([file]) => file.startsWith(`packages/${name}/`)).map(([, code]) => code);
  console.log(`  ${name.padEnd(9)} ${kilobytes(gzipSync(own.join('\n'), { level: 9 }).length)} KB gzipped`);
}

async function load(file: string): Promise<void> {
  const name = relative(ROOT, file);
  if (sources.has(name)) return;
  sources.set(name, '');
  const code = stripTypeScriptTypes(await readFile(file, 'utf8'));
  sources.set(name, compact(code));
  for (const [, specifier] of code.matchAll(IMPORT))
    if (specifier !== undefined) await load(resolve(specifier, file));
}

function resolve(specifier: string, from: string): string {
  const scoped = /^@kittiwake\/([a-z]+)$/.exec(specifier)?.[1];
  return scoped === undefined
    ? join(dirname(from), specifier)
    : join(ROOT, 'packages', scoped, 'src/index.ts');
}

/** Takes off comments, indentation and empty lines, roughly as a minifier does. */
function compact(code: string): string {
  return code
    .replaceAll(/\/\*\*[\s\S]*?\*\//g, '')
    .replaceAll(/^\s*\/\/.*$/gm, '')
    .replaceAll(/[ \t]+/g, ' ')
    .replaceAll(/\s*\n\s*/g, '\n');
}

function kilobytes(bytes: number): string {
  return (bytes / 1_000).toFixed(1);
}
