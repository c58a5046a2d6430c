import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { bundle } from '../k8s/bundle.ts';
import { SCENARIO_NAMES } from '../launcher/plan-run.ts';

const absent = spawnSync('k6', ['version']).error !== undefined;
const skip = absent ? 'k6 is not on the PATH' : false;
const directory = mkdtempSync(join(tmpdir(), 'kittiwake-load-'));
after(() => rmSync(directory, { recursive: true, force: true }));

for (const name of SCENARIO_NAMES) {
  const script = new URL(`${name}.ts`, import.meta.url);

  test(`[W5] k6 loads ${name} and knows its thresholds`, { skip }, () => {
    const { status, stdout, stderr } = inspect(script.pathname);
    assert.equal(status, 0, stderr);
    const options: unknown = JSON.parse(stdout);
    assert.ok(
      typeof options === 'object' && options !== null && 'thresholds' in options && 'scenarios' in options,
    );
  });

  test(`[W10] k6 finds the same options in the bundle of ${name}`, { skip }, () => {
    const file = join(directory, `${name}.js`);
    writeFileSync(file, bundle(script));
    assert.equal(inspect(file).stdout, inspect(script.pathname).stdout);
  });
}

function inspect(file: string) {
  return spawnSync('k6', ['inspect', file], { encoding: 'utf8' });
}
