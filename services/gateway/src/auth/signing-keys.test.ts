import assert from 'node:assert/strict';
import { test } from 'node:test';
import { err, ok, type Result, systemClock } from '@kittiwake/base';
import type { ConfigProblem } from '../config/config-problem.ts';
import type { Hs256Keys } from '../config/gateway-config.ts';
import type { Secrets } from '../config/secrets.ts';
import { silentLogger } from '../telemetry/logger.ts';
import { SigningKeys } from './signing-keys.ts';

const OLD = 'o'.repeat(32);
const NEW = 'n'.repeat(32);

test('[A3] changed keys are handed on once', async () => {
  const { keys, rotations, files } = setUp();
  await keys.poll();
  assert.deepEqual(rotations, []);
  files.current = ok({ 'signing-key-current': NEW, 'signing-key-previous': OLD });
  await keys.poll();
  await keys.poll();
  assert.deepEqual(rotations, [{ current: NEW, previous: OLD }]);
});

const UNSOUND: { readonly [what: string]: Result<Secrets, readonly ConfigProblem[]> } = {
  gone: ok({}),
  'too short': ok({ 'signing-key-current': 'short' }),
  'half written': ok({ 'signing-key-previous': OLD }),
  unreadable: err([{ path: 'x', problem: 'y' }]),
};

for (const [what, read] of Object.entries(UNSOUND)) {
  test(`[A3] keys that are ${what} change nothing`, async () => {
    const { keys, rotations, files } = setUp();
    files.current = read;
    await keys.poll();
    assert.deepEqual(rotations, []);
  });
}

function setUp() {
  const rotations: Hs256Keys[] = [];
  const files: { current: Result<Secrets, readonly ConfigProblem[]> } = {
    current: ok({ 'signing-key-current': OLD }),
  };
  const keys = new SigningKeys(
    {
      read: async () => files.current,
      rotate: async changed => void rotations.push(changed),
      clock: systemClock,
      logger: silentLogger,
    },
    { current: OLD },
  );
  return { keys, rotations, files };
}
