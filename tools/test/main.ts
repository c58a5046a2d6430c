import { spawn } from 'node:child_process';
import { globSync } from 'node:fs';
import { type Selection, selectTests } from './select-tests.ts';

/** `node tools/test/main.ts unit|all|cluster [part of a path]`: runs those tests with Node's own runner. */
const SELECTIONS: readonly Selection[] = ['unit', 'all', 'cluster'];
/** A test that hangs is a failure, not a wait. The cluster's take minutes by their nature. */
const TIMEOUT_MS: { readonly [S in Selection]: number } = { unit: 60_000, all: 180_000, cluster: 1_200_000 };

const [selection, part = ''] = process.argv.slice(2);
if (selection === undefined || !isSelection(selection)) {
  console.error(`usage: node tools/test/main.ts ${SELECTIONS.join('|')} [part of a path]`);
  process.exit(2);
}
const found = globSync(
  ['packages', 'services', 'charts', 'dashboards', 'load-tests', 'tools', 'tests'].map(
    root => `${root}/**/*.test.ts`,
  ),
  {
    exclude: ['**/node_modules/**', '**/dist/**'],
  },
);
const files = selectTests(found, selection).filter(file => file.includes(part));
if (files.length === 0) {
  console.error(`no ${selection} test has "${part}" in its path`);
  process.exit(2);
}
const concurrency = selection === 'cluster' ? ['--test-concurrency=1'] : ['--test-concurrency=2'];
const runner = spawn(
  process.execPath,
  ['--test', `--test-timeout=${TIMEOUT_MS[selection]}`, ...concurrency, ...files],
  { stdio: 'inherit' },
);
runner.on('exit', code => process.exit(code ?? 1));

function isSelection(text: string): text is Selection {
  return SELECTIONS.some(known => known === text);
}
