import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { systemClock } from '@kittiwake/base';
import { until } from '@kittiwake/testkit';
import { gatewayOf, openAccess, witness } from './lib/access.ts';
import { forceDelete } from './lib/deploy.ts';
import { SKIP } from './lib/kubectl.ts';
import { startPublishing } from './lib/publisher.ts';
import { primaryPod, untilTierReady } from './lib/redis-primary.ts';
import { record } from './lib/report.ts';

const GAP_MAX_MS = 5_000;

describe('a failover of Redis', { skip: SKIP, timeout: 180_000 }, () => {
  test('[B3] the primary is deleted by force: publishing works again in 5 s, and nothing acknowledged is silently gone', async () => {
    const access = await openAccess();
    await untilTierReady();
    const publisher = await access.connect('publisher');
    const watcher = await access.connect('watcher', { gatewayOtherThan: gatewayOf(publisher) });
    const seen = await witness(watcher, 'chat:failover');
    const publishing = startPublishing(await witness(publisher, 'chat:failover'), { everyMs: 20 });
    await until(() => publishing.acked.length > 50);
    const before = await primaryPod();
    const killedMs = systemClock.monotonicMs();
    await forceDelete(before);
    await until(() => publishing.gapAfter(killedMs) !== undefined, {
      timeoutMs: 30_000,
      what: 'publishing again',
    });
    const ackedThen = publishing.acked.length;
    await until(() => publishing.acked.length > ackedThen + 100, {
      timeoutMs: 30_000,
      what: 'a hundred more',
    });
    await publishing.stop();
    record(
      'Redis primary deleted by force: longest time without an acknowledged publish',
      publishing.longestGapMs(),
      'ms (≤ 5000)',
    );
    assert.ok(publishing.longestGapMs() <= GAP_MAX_MS, `${publishing.longestGapMs()} ms`);
    await untilTierReady();
    assert.notEqual(await primaryPod(), before);
    // What was acknowledged is in the log, or the watcher was told at which offset the histories part.
    const later = await access.connect('later');
    const log = await later.channel('chat:failover').history({ limit: 1_000 });
    assert.ok(log.ok);
    const kept = new Set(log.ok ? log.value.publications.map(({ data }) => JSON.stringify(data)) : []);
    const gone = publishing.acked.filter(({ data }) => !kept.has(JSON.stringify(data)));
    record(
      'Redis primary deleted by force: acknowledged as primary',
      publishing.acked.length,
      'publications',
    );
    record('Redis primary deleted by force: lost of those', gone.length, `(told: ${seen.told.length})`);
    assert.ok(gone.length === 0 || seen.told.length > 0, 'a loss is never silent');
    await until(
      () =>
        publishing.acked.every(
          ({ data }) =>
            !kept.has(JSON.stringify(data)) ||
            [...seen.seen.values()].some(value => JSON.stringify(value) === JSON.stringify(data)),
        ),
      {
        timeoutMs: 10_000,
        what: 'the watcher has everything that is kept',
      },
    );
    for (const client of [publisher, watcher, later]) client.close();
  });
});
