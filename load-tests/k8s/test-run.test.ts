import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parse } from 'yaml';
import { SCENARIO_NAMES } from '../launcher/plan-run.ts';
import { bundle } from './bundle.ts';
import { configMapYaml, DEFAULT_TEST_RUN, testRun, testRunYaml } from './test-run.ts';

const scenario = (name: string): URL => new URL(`../scenarios/${name}.ts`, import.meta.url);

test('[W10] the committed manifest is what the code makes', () => {
  const committed = readFileSync(new URL('test-run.yaml', import.meta.url), 'utf8');
  assert.equal(
    committed,
    testRunYaml(DEFAULT_TEST_RUN),
    'run: npm run manifest:example --workspace @kittiwake/load-tests',
  );
});

test('[W10] the manifest carries no secret, and the runners get the key from the cluster', () => {
  const text = JSON.stringify(testRun(DEFAULT_TEST_RUN));
  assert.match(text, /"secretKeyRef":\{"name":"kittiwake-signing-keys","key":"current"\}/);
  assert.doesNotMatch(text, /TOKEN/);
});

for (const name of SCENARIO_NAMES) {
  test(`[W10] the bundle of ${name} is one file that imports nothing but k6, the same every time`, () => {
    const script = bundle(scenario(name));
    assert.equal(bundle(scenario(name)), script);
    const imports = [...script.matchAll(/^import .* from "([^"]+)";$/gm)].map(([, specifier]) => specifier);
    assert.ok(
      imports.length > 0 && imports.every(specifier => /^k6(\/|$)/.test(specifier ?? '')),
      imports.join(),
    );
    assert.doesNotMatch(script, /\brequire\(/);
    for (const exported of ['options', 'setup', 'chat', 'gaming', 'handleSummary']) {
      assert.match(script, new RegExp(`^export const ${exported} = `, 'm'));
    }
  });

  test(`[W10] the bundle of ${name} fits into a ConfigMap`, () => {
    const yaml = configMapYaml(name, bundle(scenario(name)));
    assert.ok(yaml.length < 1_000_000);
    const map = parse(yaml) as { readonly data: { readonly [file: string]: string } };
    assert.equal(map.data[`${name}.js`], bundle(scenario(name)));
  });
}
