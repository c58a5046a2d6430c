import fs from 'node:fs';
import { registerHooks, syncBuiltinESMExports } from 'node:module';
import { fileURLToPath } from 'node:url';
import { assert } from '@kittiwake/base';
import type { PlantedBug } from './planted-bug.ts';

/** Says whether the bug is in the code that was loaded. */
export type Planting = { check(): void };

const ROOT = new URL('../../../../../', import.meta.url);

/** The file that a bug is planted in. */
export function fileOf(bug: PlantedBug): URL {
  return new URL(bug.file, ROOT);
}

/** The source of that file with the bug in it; its place must stand there once. */
export function withBug(bug: PlantedBug, source: string): string {
  const parts = source.split(bug.find);
  assert(
    parts.length === 2,
    `${bug.name}: its place stands in ${bug.file} once, not ${parts.length - 1} times`,
  );
  return parts.join(bug.replace);
}

/** Puts a bug into everything that this thread loads from here on; the files stay as they are. */
export function plant(bug: PlantedBug): Planting {
  const target = fileOf(bug);
  let planted = 0;
  const change = (source: string): string => {
    const changed = withBug(bug, source);
    planted += 1;
    return changed;
  };
  if (bug.file.endsWith('.lua')) changeReads(fileURLToPath(target), change);
  else
    registerHooks({
      load(url, context, next) {
        const loaded = next(url, context);
        if (url !== target.href) return loaded;
        return { ...loaded, source: change(String(loaded.source)) };
      },
    });
  return {
    check: () => assert(planted > 0, `${bug.name}: ${bug.file} was loaded`),
  };
}

/** Scripts are read as files, not loaded as modules. */
function changeReads(path: string, change: (source: string) => string): void {
  const { readFileSync } = fs;
  fs.readFileSync = ((file: fs.PathOrFileDescriptor, ...rest: readonly unknown[]) => {
    const content = Reflect.apply(readFileSync, fs, [file, ...rest]);
    const read = file instanceof URL ? fileURLToPath(file) : file;
    return read === path ? change(String(content)) : content;
  }) as typeof readFileSync;
  syncBuiltinESMExports();
}
