import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { until } from '@kittiwake/testkit';
import type { BrokerTier } from '../../src/broker/tier-options.ts';
import { brokerFollowsContract } from './broker-follows.contract.ts';
import { brokerLossContract } from './broker-loss.contract.ts';
import { brokerProducersContract } from './broker-producers.contract.ts';
import { brokerResumeContract } from './broker-resume.contract.ts';
import {
  mustPublish,
  newChannel,
  publishing,
  type RecordingHandler,
  recordingHandler,
  type TierHarness,
} from './tier-harness.ts';

/** What every broker must do (SPEC B7): order, positions, fan-out, idempotency, acknowledgement, resume. */
export function brokerContract(name: string, open: () => Promise<TierHarness>): void {
  suite(`broker contract: ${name}`, () => {
    let harness: TierHarness;
    let [here, there]: BrokerTier[] = [];
    const heard: RecordingHandler = recordingHandler();
    const heardThere: RecordingHandler = recordingHandler();
    const tiers = (): { here: BrokerTier; there: BrokerTier } => {
      assert.ok(here !== undefined && there !== undefined, 'the harness is open');
      return { here, there };
    };

    before(async () => {
      harness = await open();
      here = harness.gateway();
      there = harness.gateway();
      await here.broker.start(heard);
      await there.broker.start(heardThere);
    });
    after(async () => {
      await here?.broker.stop();
      await there?.broker.stop();
      await harness?.stop();
    });

    test('[B7] a started broker is ready and names an epoch', () => {
      const status = tiers().here.broker.status();
      assert.equal(status.phase, 'ready');
      assert.equal(heard.statuses.at(-1)?.phase, 'ready');
    });

    test('[C1] offsets count from 1 without gaps, in one epoch', async () => {
      const channel = newChannel();
      const positions = [];
      for (let n = 0; n < 5; n += 1) positions.push(await mustPublish(tiers().here, publishing(channel, n)));
      assert.deepEqual(
        positions.map(position => position.offset),
        [1, 2, 3, 4, 5],
      );
      assert.equal(new Set(positions.map(position => position.epoch)).size, 1);
    });

    test('[B7] publishes of one tick are stored in the order they were made', async () => {
      const channel = newChannel();
      const published = await Promise.all(
        Array.from({ length: 50 }, (_, n) => mustPublish(tiers().here, publishing(channel, n))),
      );
      assert.deepEqual(
        published.map(position => position.offset),
        Array.from({ length: 50 }, (_, n) => n + 1),
      );
    });

    test('[B4] every gateway that subscribed hears every publication once, in order', async () => {
      const channel = newChannel();
      await tiers().here.broker.subscribe(channel);
      await tiers().there.broker.subscribe(channel);
      for (let n = 1; n <= 20; n += 1)
        await mustPublish(n % 2 === 0 ? tiers().here : tiers().there, publishing(channel, n));
      for (const handler of [heard, heardThere]) {
        const offsets = (): readonly number[] =>
          handler.publications.filter(one => one.channel === channel).map(one => one.position.offset);
        await until(() => offsets().length === 20, { what: '20 publications' });
        assert.deepEqual(
          offsets(),
          Array.from({ length: 20 }, (_, n) => n + 1),
        );
      }
    });

    test('[B7] a publication arrives as it was published', async () => {
      const channel = newChannel();
      const data = { text: 'naïve 🐦 "quoted" \\ \n', deep: [1, { two: null }] };
      await tiers().there.broker.subscribe(channel);
      const command = publishing(channel, data);
      const position = await mustPublish(tiers().here, command);
      const arrived = await until(() => heardThere.publications.find(one => one.channel === channel));
      assert.deepEqual(arrived, { type: 'publication', channel, ...command.entry, position });
      const page = await tiers().here.broker.read(channel, { limit: 10 });
      assert.ok(page.ok);
      assert.deepEqual(page.value.publications, [arrived]);
    });

    test('[B7] a channel that was left is not heard', async () => {
      const [left, kept] = [newChannel(), newChannel()];
      for (const channel of [left, kept]) await tiers().here.broker.subscribe(channel);
      await tiers().here.broker.unsubscribe(left);
      await mustPublish(tiers().there, publishing(left, 1));
      await mustPublish(tiers().there, publishing(kept, 1));
      await until(() => heard.publications.some(one => one.channel === kept));
      assert.ok(!heard.publications.some(one => one.channel === left));
    });

    test('[P3] a key is stored once, from whichever gateway it comes', async () => {
      const channel = newChannel();
      const first = await tiers().here.broker.publish(publishing(channel, 1, { key: 'a' }));
      const again = await tiers().there.broker.publish(publishing(channel, 1, { key: 'a' }));
      const other = await tiers().here.broker.publish(publishing(channel, 2, { key: 'b' }));
      assert.ok(first.ok && again.ok && other.ok);
      assert.deepEqual([first.value.duplicate, again.value.duplicate], [false, true]);
      assert.deepEqual(again.value.position, first.value.position);
      assert.equal(other.value.position?.offset, 2);
    });

    test('[P3] the same key in another channel is another key', async () => {
      const command = { key: 'shared' };
      const one = await tiers().here.broker.publish(publishing(newChannel(), 1, command));
      const two = await tiers().here.broker.publish(publishing(newChannel(), 1, command));
      assert.ok(one.ok && two.ok && !two.value.duplicate);
    });

    test('[P3] a key is forgotten after its time', async () => {
      const channel = newChannel();
      const command = publishing(channel, 1, { key: 'brief', idempotencyMs: 100 });
      await mustPublish(tiers().here, command);
      await harness.pass(200);
      const again = await tiers().here.broker.publish(command);
      assert.ok(again.ok && !again.value.duplicate);
    });

    test('[P2] the level that is reached is the level that is told', async () => {
      const channel = newChannel();
      const received = await tiers().here.broker.publish(publishing(channel, 1, { ack: 'received' }));
      const primary = await tiers().here.broker.publish(publishing(channel, 2, { ack: 'primary' }));
      const replicated = await tiers().here.broker.publish(publishing(channel, 3, { ack: 'replicated' }));
      assert.ok(received.ok && primary.ok);
      assert.deepEqual([received.value.level, primary.value.level], ['primary', 'primary']);
      assert.equal(replicated.ok ? replicated.value.level : replicated.error.kind, harness.replicated);
    });

    test('[B6] a stopped broker refuses, and does not throw', async () => {
      const tier = harness.gateway();
      await tier.broker.start(recordingHandler());
      await tier.broker.stop();
      await tier.broker.stop();
      const refused = await tier.broker.publish(publishing(newChannel(), 1));
      assert.ok(!refused.ok && refused.error.kind === 'broker_unavailable');
      assert.equal(tier.broker.status().phase, 'stopped');
    });

    brokerResumeContract(() => ({ harness, tier: tiers().here }));
    brokerProducersContract(() => ({ harness, ...tiers() }));
    brokerFollowsContract(() => ({ harness, ...tiers() }));
    // Last, for a tier that failed over breaks connections for a while yet.
    brokerLossContract(() => ({ harness, ...tiers(), heard }));
  });
}
