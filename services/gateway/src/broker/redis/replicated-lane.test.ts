import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ok } from '@kittiwake/base';
import type { ChannelName } from '@kittiwake/protocol';
import { createFakeClock, createSeededRandom } from '@kittiwake/testkit';
import { FakeRedisClient, type SentCommand } from '../../../test/support/fake-redis-client.ts';
import { createRecordingMetrics } from '../../metrics/recording-metrics.ts';
import { silentLogger } from '../../telemetry/logger.ts';
import { Lane } from './lane.ts';
import { ReplicatedLane } from './replicated-lane.ts';
import type { Hidden } from './reveal-script.ts';

const ONE = 'chat:1' as ChannelName;
const TWO = 'chat:2' as ChannelName;
const EPOCH = 'epoch-1';

test('[C11] what a replica holds is shown once per channel of a group, as far as the group got, and then acknowledged', async () => {
  const world = await lane();
  const answers = [
    world.publish(hidden(ONE, 1)),
    world.publish(hidden(TWO, 7)),
    world.publish(hidden(ONE, 3)),
  ];
  await world.take('kwPublish', 'kwPublish', 'kwPublish').then(answerAll);
  const [wait] = await world.take('wait');
  wait?.answer(1);
  const reveals = await world.take('kwReveal', 'kwReveal');
  assert.deepEqual(reveals.map(shown), [
    [ONE, 3, EPOCH],
    [TWO, 7, EPOCH],
  ]);
  reveals[0]?.answer(['3', '4', EPOCH]);
  assert.deepEqual(await world.settled(answers), ['1', undefined, '3']);
  reveals[1]?.answer(['7', '7', EPOCH]);
  assert.deepEqual(await world.settled(answers), ['1', '7', '3']);
});

test('[C11] what no replica confirmed is not shown, and its outcome is unknown', async () => {
  const world = await lane();
  const answers = [world.publish(hidden(ONE, 1))];
  await world.take('kwPublish').then(answerAll);
  await world.take('wait').then(([wait]) => wait?.answer(0));
  assert.deepEqual(await world.settled(answers), ['unknown_outcome']);
  await world.take();
});

test('[C11] more than one call may show is shown in several, one after another', async () => {
  const world = await lane();
  const answers = [world.publish(hidden(ONE, 900))];
  await world.commit();
  await world.take('kwReveal').then(([reveal]) => reveal?.answer(['500', '900', EPOCH]));
  assert.deepEqual(await world.settled(answers), [undefined]);
  await world.take('kwReveal').then(([reveal]) => reveal?.answer(['900', '900', EPOCH]));
  assert.deepEqual(await world.settled(answers), ['900']);
});

test('[C11] what a group wrote before its channel was emptied is shown apart from what it wrote after', async () => {
  const world = await lane();
  const answers = [world.publish(hidden(ONE, 8)), world.publish(hidden(ONE, 1, 'epoch-2'))];
  await world.commit();
  const [former, later] = await world.take('kwReveal', 'kwReveal');
  assert.deepEqual(
    [former, later].map(reveal => reveal && shown(reveal)),
    [
      [ONE, 8, EPOCH],
      [ONE, 1, 'epoch-2'],
    ],
  );
  former?.answer([]);
  later?.answer(['1', '1', 'epoch-2']);
  assert.deepEqual(await world.settled(answers), ['unknown_outcome', '1']);
});

test('[C11] the next group does not wait until the one before is shown', async () => {
  const world = await lane();
  const first = world.publish(hidden(ONE, 1));
  await world.take('kwPublish').then(answerAll);
  const second = world.publish(hidden(ONE, 2));
  await world.take('wait').then(([wait]) => wait?.answer(1));
  const [reveal, publish] = await world.take('kwReveal', 'kwPublish');
  publish?.answer('done');
  reveal?.answer(['1', '2', EPOCH]);
  assert.deepEqual(await world.settled([first, second]), ['1', undefined]);
});

test('[C11] on another connection than the one that waited nothing is shown', async () => {
  const world = await lane();
  const answers = [world.publish(hidden(ONE, 900))];
  await world.commit();
  const [reveal] = await world.take('kwReveal');
  reveal?.answer(['500', '900', EPOCH]);
  world.client.disconnect(true);
  assert.deepEqual(await world.settled(answers), ['unknown_outcome']);
  await world.take();
});

const UNSHOWN = {
  'a server that refuses': (reveal: SentCommand) => reveal.refuse('OOM no room'),
  'a server that does not answer': (reveal: SentCommand) => reveal.refuse('Command timed out'),
  'a log that does not have what was stored': (reveal: SentCommand) => reveal.answer([]),
};

for (const [what, reply] of Object.entries(UNSHOWN)) {
  test(`[C11] where it may not be shown, as with ${what}, the outcome is unknown`, async () => {
    const world = await lane();
    const answers = [world.publish(hidden(ONE, 2)), world.publish(undefined)];
    await world.commit();
    await world.take('kwReveal').then(([reveal]) => reveal !== undefined && reply(reveal));
    assert.deepEqual(await world.settled(answers), ['unknown_outcome', 'stored']);
  });
}

test('[P2] what is shown at once is acknowledged when a replica holds it', async () => {
  const world = await lane();
  const answers = [world.publish(undefined), world.publish(hidden(ONE, 1))];
  await world.commit();
  assert.deepEqual(await world.settled(answers), ['stored', undefined]);
});

test('[P2] a group of which nothing was stored waits for no replica', async () => {
  const world = await lane();
  const answers = [world.publish(undefined)];
  const [publish] = await world.take('kwPublish');
  publish?.refuse('READONLY a replica');
  assert.deepEqual(await world.settled(answers), ['broker_unavailable']);
  await world.take();
});

function hidden(channel: ChannelName, offset: number, epoch: string = EPOCH): Hidden {
  return { channel, upTo: { offset, epoch } };
}

/** How a publish ended, once it did. */
type Answer = { text: string | undefined };

/** A lane over a connection that the test answers for. */
async function lane() {
  const clock = createFakeClock();
  const client = new FakeRedisClient();
  const random = createSeededRandom(1);
  const deps = { clock, random, metrics: createRecordingMetrics(), log: silentLogger };
  const link = new Lane({ ...deps, client, name: 'replicated' });
  const replicated = new ReplicatedLane(link, clock);
  link.start();
  await clock.run(0);

  /** What was sent and not answered yet; exactly these commands. */
  const take = async (...names: readonly string[]): Promise<readonly SentCommand[]> => {
    await clock.run(0);
    const sent = client.sent.splice(0);
    assert.deepEqual(
      sent.map(command => command.name),
      names,
    );
    return sent;
  };
  return {
    client,
    take,
    publish: (hidden: Hidden | undefined): Answer => publishOver(replicated, hidden),
    /** Lets the group that waits be stored and held by a replica. */
    commit: async (): Promise<void> => {
      await clock.run(0);
      answerAll(client.sent.splice(0));
      await take('wait').then(([wait]) => wait?.answer(1));
      await clock.run(0);
    },
    /** How each ended so far. */
    settled: async (answers: readonly Answer[]): Promise<readonly (string | undefined)[]> => {
      await clock.run(0);
      return answers.map(({ text }) => text);
    },
  };
}

/** Publishes something that is hidden, or `undefined` for something that is not. */
function publishOver(replicated: ReplicatedLane, hidden: Hidden | undefined): Answer {
  const answer: Answer = { text: undefined };
  const value = hidden === undefined ? 'stored' : String(hidden.upTo.offset);
  const send = async (over: Lane) => {
    const sent = await over.call({ operation: 'publish', writes: true }, one => one.run('kwPublish', []));
    return sent.ok ? ok({ value, hidden }) : sent;
  };
  void replicated.publish(send).then(result => {
    answer.text = result.ok ? result.value : result.error.kind;
  });
  return answer;
}

function answerAll(sent: readonly SentCommand[]): void {
  for (const command of sent) command.answer('done');
}

/** Channel and position of a reveal. */
function shown({ args }: SentCommand): readonly unknown[] {
  return [String(args[0]).replace(/^kw:\{(.+)\}:state$/, '$1'), args[2], args[3]];
}
