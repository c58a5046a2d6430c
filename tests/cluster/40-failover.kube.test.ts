import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { systemClock } from '@kittiwake/base';
import { until } from '@kittiwake/testkit';
import { type Access, gatewayOf, openAccess, type Witness, witness } from './lib/access.ts';
import { forceDelete } from './lib/deploy.ts';
import { SKIP } from './lib/kubectl.ts';
import { type Publishing, startPublishing } from './lib/publisher.ts';
import { primaryPod, untilTierReady } from './lib/redis-primary.ts';
import { record } from './lib/report.ts';

const CHANNEL = 'chat:failover';
const GAP_MAX_MS = 5_000;
const WHAT = 'Redis primary deleted by force';

describe('a failover of Redis', { skip: SKIP, timeout: 180_000 }, () => {
  test('[B3] the primary is deleted by force: publishing works again in 5 s, and nothing acknowledged is silently gone', async () => {
    const access = await openAccess();
    await untilTierReady();
    const publisher = await access.connect('publisher');
    const watcher = await access.connect('watcher', { gatewayOtherThan: gatewayOf(publisher) });
    const seen = await witness(watcher, CHANNEL);
    const publishing = startPublishing(await witness(publisher, CHANNEL), { everyMs: 20 });
    await until(() => publishing.acked.length > 50);
    const before = await primaryPod();
    await deleteAndGoOn(before, publishing);
    record(`${WHAT}: longest time without an acknowledged publish`, publishing.longestGapMs(), 'ms (≤ 5000)');
    assert.ok(publishing.longestGapMs() <= GAP_MAX_MS, `${publishing.longestGapMs()} ms`);
    await untilTierReady();
    assert.notEqual(await primaryPod(), before);
    await assertNothingSilentlyGone(access, seen, publishing);
    publisher.close();
    watcher.close();
  });
});

/** Deletes the primary, and publishes until a hundred were acknowledged afterwards. */
async function deleteAndGoOn(primary: string, publishing: Publishing): Promise<void> {
  const killedMs = systemClock.monotonicMs();
  await forceDelete(primary);
  await until(() => publishing.firstAfter(killedMs) !== undefined, {
    timeoutMs: 30_000,
    what: 'publishing again',
  });
  const ackedThen = publishing.acked.length;
  await until(() => publishing.acked.length > ackedThen + 100, { timeoutMs: 30_000, what: 'a hundred more' });
  await publishing.stop();
}

/** What was acknowledged is in the log and at the watcher, or the watcher was told where the histories part. */
async function assertNothingSilentlyGone(
  access: Access,
  seen: Witness,
  { acked }: Publishing,
): Promise<void> {
  const later = await access.connect('later');
  const log = await later.channel(CHANNEL).history({ limit: 1_000 });
  assert.ok(log.ok);
  const kept = new Set(log.value.publications.map(({ data }) => JSON.stringify(data)));
  const gone = acked.filter(({ data }) => !kept.has(JSON.stringify(data)));
  record(`${WHAT}: acknowledged as primary`, acked.length, 'publications');
  record(
    `${WHAT}: lost of those`,
    gone.length,
    `(the watcher was told of ${seen.told.length} changes of history)`,
  );
  assert.ok(gone.length === 0 || seen.told.length > 0, 'a loss is never silent');
  const wanted = acked.map(({ data }) => JSON.stringify(data)).filter(data => kept.has(data));
  await until(
    () => {
      const has = new Set([...seen.seen.values()].map(data => JSON.stringify(data)));
      return wanted.every(data => has.has(data));
    },
    { timeoutMs: 10_000, what: 'the watcher has everything that is kept' },
  );
  later.close();
}
