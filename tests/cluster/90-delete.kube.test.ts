import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { systemClock } from '@kittiwake/base';
import { leftovers, remove, synthesise } from './lib/deploy.ts';
import { SKIP } from './lib/kubectl.ts';
import { record, renderReport } from './lib/report.ts';

describe('the end', { skip: SKIP, timeout: 300_000 }, () => {
  test('[G1] one delete leaves nothing behind', async () => {
    const startedMs = systemClock.monotonicMs();
    await remove(await synthesise());
    record('deleted', (systemClock.monotonicMs() - startedMs) / 1_000, 's');
    assert.deepEqual(await leftovers(), []);
    console.log(renderReport());
  });
});
