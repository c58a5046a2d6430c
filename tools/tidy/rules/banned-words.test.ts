import assert from 'node:assert/strict';
import { test } from 'node:test';
import { found } from '../test/found.ts';
import { bannedWords } from './banned-words.ts';

const SECRET = ['', 'root', 'x'].join('/');
const NOTE = `TO${'DO'}`;

test('[Y6] paths of one machine and notes to oneself are found in every text file, with their line', () => {
  assert.deepEqual(
    found(bannedWords, { 'README.md': `a\nsee ${SECRET}\n` }).map(at => at.split(' ')[0]),
    ['README.md:2'],
  );
  assert.equal(found(bannedWords, { 'a.yaml': `# ${NOTE} later` }).length, 1);
});

test('[Y6] a path that only ends like it, and a word that only contains it, are left alone', () => {
  assert.deepEqual(
    found(bannedWords, { 'a.ts': `'/home${SECRET}'; 'https://example.org${SECRET}'; my${NOTE}s` }),
    [],
  );
});
