import { readFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { resolve, sep } from 'node:path';

/** Packages whose sources a browser may load: those that the SDK is made of. */
const SERVED = ['base', 'protocol', 'client'] as const;

/**
 * Serves the SDK's own TypeScript sources as JavaScript modules: Node strips the types, nothing is bundled, so the demo
 * page runs what is in the tree. Development only.
 */
export class SourceModules {
  readonly #root: string;
  readonly #stripped = new Map<string, string>();

  /** `root` is the project's folder. */
  constructor(root: string) {
    this.#root = root;
  }

  /** The module at a path like `packages/client/src/index.ts`, or `undefined` where none is served. */
  async read(path: string): Promise<string | undefined> {
    const file = resolve(this.#root, path);
    const served = SERVED.some(name => file.startsWith(resolve(this.#root, 'packages', name, 'src') + sep));
    if (!served || !file.endsWith('.ts')) return undefined;
    const known = this.#stripped.get(file);
    if (known !== undefined) return known;
    try {
      const code = stripTypeScriptTypes(await readFile(file, 'utf8'));
      this.#stripped.set(file, code);
      return code;
    } catch {
      return undefined;
    }
  }
}
