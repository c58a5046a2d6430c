import { readFileSync } from 'node:fs';
import ts from 'typescript';

type Module = { readonly url: string; readonly code: string };

/**
 * Puts a scenario and everything that it imports into one JavaScript file, because a ConfigMap has no folders. Modules
 * keep their own scope: each becomes a function, and `require` finds it by number. k6's modules stay imports.
 */
export function bundle(entry: URL): string {
  const modules = collect(entry);
  const numbers = new Map(modules.map(({ url }, index) => [url, index]));
  const builtins = new Set<string>();
  const bodies = modules.map(({ url, code }) => {
    const linked = code.replaceAll(/require\("([^"]+)"\)/g, (_, specifier: string) => {
      if (isBuiltin(specifier)) builtins.add(specifier);
      return isBuiltin(specifier)
        ? `k6Modules[${JSON.stringify(specifier)}]`
        : `load(${numbers.get(resolve(specifier, url))})`;
    });
    return `  function (exports) {\n${linked}\n  },`;
  });
  const names = [...builtins].sort();
  const exported = exportsOf(modules.at(-1)?.code ?? '');
  return [
    ...names.map((name, index) => `import * as k6_${index} from ${JSON.stringify(name)};`),
    `const k6Modules = { ${names.map((name, index) => `${JSON.stringify(name)}: k6_${index}`).join(', ')} };`,
    'const loaded = [];',
    'const load = number => {',
    '  if (loaded[number] === undefined) modules[number]((loaded[number] = {}));',
    '  return loaded[number];',
    '};',
    'const modules = [',
    ...bodies,
    '];',
    `const entry = load(${modules.length - 1});`,
    ...exported.map(name => `export const ${name} = entry.${name};`),
    '',
  ].join('\n');
}

/** Every module below `entry`, each after those that it imports; `entry` is the last. */
function collect(entry: URL): readonly Module[] {
  const found = new Map<string, Module>();
  const visit = (url: string): void => {
    if (found.has(url)) return;
    const code = transpile(readFileSync(new URL(url), 'utf8'));
    for (const [, specifier = ''] of code.matchAll(/require\("([^"]+)"\)/g)) {
      if (!isBuiltin(specifier)) visit(resolve(specifier, url));
    }
    found.set(url, { url, code });
  };
  visit(entry.href);
  return [...found.values()];
}

function transpile(source: string): string {
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: {
      module: ts.ModuleKind.CommonJS,
      target: ts.ScriptTarget.ES2022,
      verbatimModuleSyntax: false,
      esModuleInterop: true,
      removeComments: true,
    },
  });
  return outputText;
}

function isBuiltin(specifier: string): boolean {
  return !specifier.startsWith('.');
}

function resolve(specifier: string, from: string): string {
  return new URL(specifier, from).href;
}

function exportsOf(code: string): readonly string[] {
  const names = [...code.matchAll(/^exports\.(\w+) =/gm)].map(([, name = '']) => name);
  const functions = [...code.matchAll(/^function (\w+)\(/gm)].map(([, name = '']) => name);
  const exported = new Set([
    ...names,
    ...functions.filter(name => code.includes(`exports.${name} = ${name};`)),
  ]);
  exported.delete('__esModule');
  return [...exported].sort();
}
