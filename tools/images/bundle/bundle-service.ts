import { cp, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { type InputOptions, type OutputChunk, rolldown } from 'rolldown';
import { escapeBeyondAscii } from './escape-beyond-ascii.ts';
import { SERVICES, type Service } from './programs.ts';
import { licensesOf } from './third-party-licenses.ts';

const ROOT = join(import.meta.dirname, '../../..');
const LAUNCHER = 'tools/images/launcher/main.ts';

/** Asked for by packages that do without; images never had them. The Kubernetes client is for developers (ADR 0025). */
const ABSENT = ['bufferutil', 'utf-8-validate', 'msgpackr-extract', '@kubernetes/client-node'];

/**
 * Writes the programs of `service` into `directory`: the launcher `start.cjs`, PROGRAM.cjs with what it imports, a file for
 * each part that is imported late, maps, the folders that programs read, and the licenses of what is inside.
 */
export async function bundleService(service: Service, directory: string): Promise<void> {
  const { programs, folders } = SERVICES[service];
  await mkdir(directory, { recursive: true });
  await bundle({ start: LAUNCHER }, directory);
  const chunks: OutputChunk[] = [];
  // Each by itself: programs that share a part would load one file more.
  for (const [name, entry] of Object.entries(programs))
    chunks.push(...(await bundle({ [name]: entry }, directory)));
  for (const [name, folder] of Object.entries(folders))
    await cp(join(ROOT, folder), join(directory, name), { recursive: true });
  await writeFile(join(directory, 'LICENSES'), await licensesOf(chunks.flatMap(chunk => chunk.moduleIds)));
}

async function bundle(
  input: { readonly [name: string]: string },
  directory: string,
): Promise<readonly OutputChunk[]> {
  const options: InputOptions = { input: { ...input }, cwd: ROOT, platform: 'node', external: ABSENT };
  const build = await rolldown(options);
  const { output } = await build.generate({
    // CommonJS: an ES module that imports node:http by name loads all of undici with it.
    format: 'cjs',
    entryFileNames: '[name].cjs',
    chunkFileNames: '[name]-[hash].cjs',
    comments: false,
    sourcemap: true,
    sourcemapExcludeSources: true,
    sourcemapPathTransform: (source, map) => relative(ROOT, join(dirname(map), source)),
  });
  await build.close();
  for (const part of output) {
    const content = part.type === 'chunk' ? escapeBeyondAscii(part.code) : part.source;
    await writeFile(join(directory, part.fileName), content);
  }
  return output.filter(part => part.type === 'chunk');
}
