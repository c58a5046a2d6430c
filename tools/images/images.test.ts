import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

const ROOT = new URL('../..', import.meta.url).pathname;
const read = (path: string): string => readFileSync(`${ROOT}/${path}`, 'utf8');
const DOCKERFILES = ['gateway', 'controller'].map(service => ({
  service,
  text: read(`infra/docker/${service}.Dockerfile`),
}));

for (const { service, text } of DOCKERFILES) {
  test(`[G11] the ${service}'s image lists every workspace, or npm would refuse the lockfile`, () => {
    const patterns: readonly string[] = JSON.parse(read('package.json')).workspaces;
    const manifests = patterns.flatMap(pattern => globSync(`${pattern}/package.json`, { cwd: ROOT }));
    const missing = manifests.filter(path => !text.includes(`COPY ${path} `));
    assert.deepEqual(missing, []);
  });

  test(`[G11] the ${service}'s image runs as a numeric user above 10000 from the slim base`, () => {
    assert.match(text, /^USER 10001:10001$/m);
    assert.deepEqual(text.match(/^FROM \S+/gm), ['FROM node:26-bookworm-slim', 'FROM node:26-bookworm-slim']);
  });

  test(`[G12] the ${service}'s image holds what was bundled and nothing else, and starts it`, () => {
    const last = text.slice(text.lastIndexOf('FROM '));
    assert.deepEqual(last.match(/^(COPY|ADD|RUN) .*$/gm), ['COPY --from=build /programs ./']);
    assert.match(last, new RegExp(`^CMD \\["node", "start\\.cjs", "${service}"\\]$`, 'm'));
    assert.match(text, new RegExp(`tools/images/bundle/main\\.ts ${service} /programs`));
  });

  test(`[G11] the ${service}'s image is built from the packages that its manifest names, and theirs`, () => {
    for (const name of packagesOf(`services/${service}`))
      assert.match(text, new RegExp(`^COPY packages/${name}/src `, 'm'), name);
  });
}

test('[G11] the build context leaves out tests and what other people installed', () => {
  const ignored = read('.dockerignore').split('\n');
  for (const line of ['*', '**/node_modules', '**/*.test.ts']) assert.ok(ignored.includes(line), line);
});

function packagesOf(folder: string): readonly string[] {
  const dependencies: object = JSON.parse(read(`${folder}/package.json`)).dependencies ?? {};
  const own = Object.keys(dependencies)
    .filter(name => name.startsWith('@kittiwake/') && existsSync(`${ROOT}/packages/${name.slice(11)}`))
    .map(name => name.slice(11));
  return [...new Set(own.flatMap(name => [name, ...packagesOf(`packages/${name}`)]))];
}
