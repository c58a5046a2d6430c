import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import type { ChannelName, PresenceEntry, SessionId } from '@kittiwake/protocol';
import { until } from '@kittiwake/testkit';
import type { PresenceChange } from '../../src/broker/presence-store.ts';
import type { BrokerTier } from '../../src/broker/tier-options.ts';
import { newChannel, present, QUICK_TIMING, recordingHandler, type TierHarness } from './tier-harness.ts';

type Gateway = { readonly tier: BrokerTier; readonly changes: PresenceChange[] };

/** What every presence store must do (SPEC E4, B7). */
export function presenceStoreContract(name: string, open: () => Promise<TierHarness>): void {
  suite(`presence store contract: ${name}`, () => {
    let harness: TierHarness;
    const gateways: Gateway[] = [];
    before(async () => {
      harness = await open();
      gateways.push(await started(harness), await started(harness));
    });
    after(async () => {
      for (const { tier } of gateways) {
        await tier.presence.stop();
        await tier.broker.stop();
      }
      await harness?.stop();
    });
    const both = (): { here: Gateway; there: Gateway } => {
      const [here, there] = gateways;
      assert.ok(here !== undefined && there !== undefined);
      return { here, there };
    };

    test('[E3] a set is heard by every gateway that watches, the own one included', async () => {
      const channel = newChannel();
      const { here, there } = both();
      for (const { tier } of [here, there]) await tier.presence.watch(channel);
      await here.tier.presence.set(channel, present('a', { typing: true }), 0);
      for (const gateway of [here, there]) {
        const change = await until(() => changesOf(gateway, channel)[0]);
        assert.deepEqual(change, { channel, set: [present('a', { typing: true })], left: [] });
      }
    });

    test('[E2] the list is everybody, with what they set last', async () => {
      const channel = newChannel();
      const { here, there } = both();
      await here.tier.presence.set(channel, present('a', 1), 0);
      await there.tier.presence.set(channel, present('b', 2), 0);
      await here.tier.presence.set(channel, present('a', 3), 0);
      assert.deepEqual(await listOf(there, channel), [present('a', 3), present('b', 2)]);
    });

    test('[E1] a removed entry is gone, and heard as left once', async () => {
      const channel = newChannel();
      const { here, there } = both();
      await there.tier.presence.watch(channel);
      await here.tier.presence.set(channel, present('a'), 0);
      await here.tier.presence.remove(channel, 'a' as SessionId);
      await here.tier.presence.remove(channel, 'a' as SessionId);
      await here.tier.presence.set(channel, present('end'), 0);
      await until(() => changesOf(there, channel).some(change => change.set[0]?.member === 'end'));
      const left = changesOf(there, channel).flatMap(change => change.left);
      assert.deepEqual(left, ['a']);
      assert.deepEqual(await listOf(there, channel), [present('end')]);
    });

    test('[E4] a store that no longer owns an entry cannot remove it', async () => {
      const channel = newChannel();
      const { here, there } = both();
      await there.tier.presence.watch(channel);
      await here.tier.presence.set(channel, present('a', 'old'), 0);
      await there.tier.presence.set(channel, present('a', 'new'), 0);
      await here.tier.presence.remove(channel, 'a' as SessionId);
      assert.deepEqual(await listOf(here, channel), [present('a', 'new')]);
      assert.ok(changesOf(there, channel).every(change => change.left.length === 0));
    });

    test('[S6][E4] an earlier connect of a session takes nothing from a later one', async () => {
      const channel = newChannel();
      const { here, there } = both();
      await there.tier.presence.set(channel, present('a', 'later'), 3);
      await here.tier.presence.set(channel, present('a', 'late'), 2);
      await here.tier.presence.remove(channel, 'a' as SessionId);
      assert.deepEqual(await listOf(here, channel), [present('a', 'later')]);
      await here.tier.presence.set(channel, present('a', 'newest'), 4);
      assert.deepEqual(await listOf(there, channel), [present('a', 'newest')]);
    });

    test('[E4] entries of a live gateway stay longer than their time to live', async () => {
      const channel = newChannel();
      const { here } = both();
      await here.tier.presence.set(channel, present('a'), 0);
      await harness.pass(QUICK_TIMING.ttlMs * 2);
      assert.deepEqual(await listOf(here, channel), [present('a')]);
    });

    test('[E4] entries of a dead gateway expire, and are heard as left once', async () => {
      const channel = newChannel();
      const { here, there } = both();
      const dead = await started(harness);
      await here.tier.presence.watch(channel);
      await dead.tier.presence.set(channel, present('a'), 0);
      await dead.tier.presence.set(channel, present('b'), 0);
      await dead.tier.presence.stop();
      await dead.tier.broker.stop();
      await harness.pass(QUICK_TIMING.ttlMs + 3 * QUICK_TIMING.sweepEveryMs);
      await until(() => changesOf(here, channel).flatMap(change => change.left).length >= 2);
      await harness.pass(3 * QUICK_TIMING.sweepEveryMs);
      const left = changesOf(here, channel).flatMap(change => change.left);
      assert.deepEqual([...left].sort(), ['a', 'b']);
      assert.deepEqual(await listOf(there, channel), []);
    });

    test('[B7] a channel that is no longer watched is not heard', async () => {
      const [left, kept] = [newChannel(), newChannel()];
      const { here } = both();
      for (const channel of [left, kept]) await here.tier.presence.watch(channel);
      await here.tier.presence.unwatch(left);
      await here.tier.presence.set(left, present('a'), 0);
      await here.tier.presence.set(kept, present('a'), 0);
      await until(() => changesOf(here, kept).length > 0);
      assert.equal(changesOf(here, left).length, 0);
    });
  });
}

async function started(harness: TierHarness): Promise<Gateway> {
  const tier = harness.gateway();
  const changes: PresenceChange[] = [];
  await tier.broker.start(recordingHandler());
  await tier.presence.start(change => changes.push(change));
  return { tier, changes };
}

function changesOf(gateway: Gateway, channel: ChannelName): readonly PresenceChange[] {
  return gateway.changes.filter(change => change.channel === channel);
}

async function listOf(gateway: Gateway, channel: ChannelName): Promise<readonly PresenceEntry[]> {
  const listed = await gateway.tier.presence.list(channel);
  assert.ok(listed.ok);
  return [...listed.value].sort((a, b) => a.member.localeCompare(b.member));
}
