import assert from 'node:assert/strict';
import { test } from 'node:test';
import { found } from '../test/found.ts';
import { readmes } from './readmes.ts';

test('[Y10] rooms, workspaces and top-level folders say what they are for', () => {
  const missing = found(readmes, {
    'services/gateway/package.json': '',
    'services/gateway/src/channel/hub.ts': '',
    'services/gateway/src/new-room/a.ts': '',
    'packages/base/src/assert.ts': '',
  });
  const folders = missing.map(at => at.split(':')[0]);
  assert.deepEqual(folders, [
    'packages',
    'packages/base',
    'services',
    'services/gateway',
    'services/gateway/src/channel',
    'services/gateway/src/new-room',
  ]);
});

test('[Y10] the page of a room has at most 15 lines', () => {
  const files = {
    'services/README.md': '',
    'services/gateway/README.md': '',
    'services/gateway/src/channel/README.md': 'x\n'.repeat(16),
  };
  assert.deepEqual(found(readmes, files), ['services/gateway/src/channel/README.md:16 16 lines, at most 15']);
});
