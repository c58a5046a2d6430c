import assert from 'node:assert/strict';
import { test } from 'node:test';
import { found } from '../test/found.ts';
import { fileLength } from './file-length.ts';

test('[Y2] a file has at most 250 lines', () => {
  assert.deepEqual(found(fileLength, { 'a.ts': 'x;\n'.repeat(250) }), []);
  assert.deepEqual(found(fileLength, { 'a.ts': 'x;\n'.repeat(251) }), ['a.ts:251 251 lines, at most 250']);
});
