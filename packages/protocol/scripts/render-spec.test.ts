import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { CLOSE_CODES } from '../src/index.ts';
import { renderSpec } from './render-spec.ts';

const spec = readFileSync(new URL('../SPEC.md', import.meta.url), 'utf8');

test('[X1] the tables in SPEC.md are those of the code; `npm run spec` writes them', () => {
  assert.equal(spec, renderSpec(spec));
});

test('[X1] rendering writes every close code and leaves the prose alone', () => {
  const rendered = renderSpec('before\n<!-- generated: close-codes -->\nold\n<!-- /generated -->\nafter\n');
  for (const code of Object.keys(CLOSE_CODES)) assert.ok(rendered.includes(`\n| ${code} |`), code);
  assert.ok(rendered.startsWith('before\n') && rendered.endsWith('\nafter\n') && !rendered.includes('old'));
});

test('[X1] every rule of SPEC.md has an id of its own', () => {
  const ids = [...spec.matchAll(/^- \*\*([A-Z]\d+)\*\* /gm)].map(match => match[1]);
  assert.ok(ids.length > 60);
  assert.deepEqual(ids, [...new Set(ids)]);
});
