import assert from 'node:assert/strict';
import { test } from 'node:test';
import { found } from '../test/found.ts';
import { fileNames } from './file-names.ts';

test('[Y8] names that say nothing and names that are not kebab case are found', () => {
  for (const name of [
    'utils.ts',
    'helpers.ts',
    'common.ts',
    'types.ts',
    'Hub.ts',
    'ws_peer.ts',
    'wsPeer.ts',
    'Chat.tsx',
  ]) {
    assert.equal(found(fileNames, { [`a/${name}`]: '' }).length, 1, name);
  }
});

test('[Y8] kebab case with a kind before the ending is fine', () => {
  for (const name of [
    'hub.ts',
    'ws-peer.ts',
    'ws-peer.test.ts',
    'redis-broker.redis.test.ts',
    'v1.ts',
    'use-channel.tsx',
  ]) {
    assert.deepEqual(found(fileNames, { [`a/${name}`]: '' }), [], name);
  }
});
