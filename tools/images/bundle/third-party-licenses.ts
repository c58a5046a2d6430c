import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The license texts of the packages that `modules`, paths of files, belong to: they ask to be kept with every copy. */
export async function licensesOf(modules: readonly string[]): Promise<string> {
  const folders = new Set(modules.flatMap(module => packageFolder(module) ?? []));
  const texts = await Promise.all([...folders].toSorted().map(licenseOf));
  return texts.join('\n');
}

/** The folder of the innermost package; nothing for our own files. */
function packageFolder(module: string): string | undefined {
  return /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(module)?.[1];
}

async function licenseOf(folder: string): Promise<string> {
  const manifest: { readonly name: string; readonly version: string; readonly license?: string } = JSON.parse(
    await readFile(join(folder, 'package.json'), 'utf8'),
  );
  const files = (await readdir(folder)).filter(name => /^(licen[cs]e|notice|copying)\b/i.test(name));
  const texts = await Promise.all(files.toSorted().map(file => readFile(join(folder, file), 'utf8')));
  const title = `${manifest.name} ${manifest.version} (${manifest.license ?? 'no license named'})`;
  return [`=== ${title}`, ...texts].join('\n\n');
}
