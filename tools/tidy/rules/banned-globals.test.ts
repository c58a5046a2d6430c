import assert from 'node:assert/strict';
import { test } from 'node:test';
import { found } from '../test/found.ts';
import { bannedGlobals } from './banned-globals.ts';

const count = (path: string, text: string): number => found(bannedGlobals, { [path]: text }).length;
const ROOM = 'services/gateway/src/channel/hub.ts';

test('[Y3] time and chance are found however they are written', () => {
  for (const text of [
    'Date.now()',
    'const now = Date.now;',
    'new Date()',
    'new Date',
    'performance.now()',
    'globalThis.performance.now()',
    'Math.random()',
    'setTimeout(f, 1)',
    'globalThis.setTimeout(f, 1)',
    'const later = { setTimeout };',
    'setInterval(f, 1)',
  ]) {
    assert.equal(count(ROOM, text), 1, text);
  }
});

test('[Y3] what only looks like it is left alone', () => {
  for (const text of [
    'new Date(0)',
    'Date.UTC(2026)',
    'socket.setTimeout(0)',
    '// Date.now()',
    "'setTimeout'",
    'type T = typeof setTimeout;',
    'x.Date.now',
  ]) {
    assert.equal(count(ROOM, text), 0, text);
  }
});

test('[Y3] the clock is made in packages/base; k6 scripts and the demo page have their own world', () => {
  for (const path of [
    'packages/base/src/clock.ts',
    'load-tests/actors/talker.ts',
    'services/gateway/src/dev/page/chart.ts',
  ]) {
    assert.equal(count(path, 'Date.now()'), 0, path);
  }
  assert.equal(count('services/gateway/src/channel/hub.test.ts', 'setTimeout(f, 5)'), 1);
});

test('[Y3] the environment is read in config/, main.ts, scripts and tests', () => {
  const read = 'const x = process.env.HOME;';
  assert.equal(count(ROOM, read), 1);
  for (const path of [
    'services/gateway/src/config/load-config.ts',
    'services/gateway/src/main.ts',
    'charts/scripts/synth.ts',
    'a/b.test.ts',
  ]) {
    assert.equal(count(path, read), 0, path);
  }
});
