import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROOT } from '../support/started-dev.ts';

const PAGES = ['README.md', 'ARCHITECTURE.md'];
const README = read('README.md');

test('[Y12] every npm script that the README names exists', () => {
  const { scripts } = JSON.parse(read('package.json'));
  const named = [...README.matchAll(/npm (?:run ([a-z:-]+)|(start|test)\b)/g)].map(
    match => match[1] ?? match[2] ?? '',
  );
  assert.ok(named.length > 5);
  assert.deepEqual(
    named.filter(name => !(name in scripts)),
    [],
  );
});

test('[Y12] every command of the README is installed with the project', () => {
  const named = [...README.matchAll(/npx ([a-z0-9-]+)/g)].map(match => match[1] ?? '');
  assert.ok(named.includes('kittiwake'));
  assert.deepEqual(
    named.filter(name => !existsSync(join(ROOT, 'node_modules/.bin', name))),
    [],
  );
});

for (const page of PAGES) {
  test(`[Y12] what ${page} points at exists`, () => {
    const text = read(page);
    const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)/g)];
    const paths = [
      ...text.matchAll(/`((?:packages|services|charts|dashboards|load-tests|tools|docs)\/[\w./-]+)`/g),
    ];
    const missing = [...links, ...paths]
      .map(match => match[1] ?? '')
      .filter(path => !existsSync(join(ROOT, path)));
    assert.deepEqual(missing, []);
  });
}

test('[Y12] every rule that the README says is shown has a test in that folder', () => {
  const claims = [...README.matchAll(/((?:`\[[A-Z]\d+\]`(?: and )?)+) in `([\w./-]+)`/g)];
  assert.ok(claims.length > 4);
  for (const [claim, ids = '', folder = ''] of claims) {
    const tests = globSync(`${folder}/**/*.{test,contract}.ts`, { cwd: ROOT }).map(read).join('\n');
    for (const [, id] of ids.matchAll(/\[([A-Z]\d+)\]/g))
      assert.match(tests, new RegExp(`['"\`](\\[[^\\]]+\\])*\\[([A-Z]\\d+, )*${id}[\\],]`), claim);
  }
});

function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}
