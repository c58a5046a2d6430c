import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire, Module } from 'node:module';
import { dirname, join } from 'node:path';
import { constants, Script } from 'node:vm';

const WRITE = '--write-code-cache';

/**
 * `node start.cjs PROGRAM`: runs PROGRAM.cjs, which stands beside it, with what V8 made of it before (ADR 0090).
 * With `--write-code-cache` the functions that this run needed are kept in PROGRAM.cache when it ends. With Node's
 * `--enable-source-maps` Node loads it by itself, which knows maps but no such cache.
 */
const [program = '', option] = process.argv.slice(2);
if (/^[a-z]+$/.test(program)) {
  const file = join(import.meta.dirname, `${program}.cjs`);
  const require = createRequire(file);
  if (process.sourceMapsEnabled) require(file);
  else runCached(file, { require, cacheFile: file.replace(/cjs$/, 'cache'), keep: option === WRITE });
} else {
  process.stderr.write(`usage: node start.cjs PROGRAM [${WRITE}]\n`);
  process.exitCode = 2;
}

/** What Node makes of a CommonJS module. */
type Wrapper = (
  exports: object,
  require: NodeJS.Require,
  module: Module,
  filename: string,
  directory: string,
) => void;

type Run = { readonly require: NodeJS.Require; readonly cacheFile: string; readonly keep: boolean };

function runCached(file: string, { require, cacheFile, keep }: Run): void {
  const script = new Script(wrap(readFileSync(file, 'latin1')), {
    filename: file,
    cachedData: readIfThere(cacheFile),
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  if (script.cachedDataRejected === true)
    process.emitWarning(`${cacheFile} is of another Node or other flags: everything is compiled anew`);
  // At the end, and not before: by then V8 has compiled what a start runs.
  if (keep) process.once('exit', () => writeFileSync(cacheFile, script.createCachedData()));
  const module = new Module(file);
  module.filename = file;
  // What is loaded later asks for the program by its name, and must not run it a second time.
  require.cache[file] = module;
  const run: Wrapper = script.runInThisContext();
  run(module.exports, require, module, file, dirname(file));
  module.loaded = true;
}

/** On the first line, so that the lines of stack traces are those of the file. */
function wrap(code: string): string {
  return `(function (exports, require, module, __filename, __dirname) { ${code}\n})`;
}

/** Without a cache V8 compiles everything anew. */
function readIfThere(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}
