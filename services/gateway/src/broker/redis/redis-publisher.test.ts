import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFakeClock, createSeededRandom } from '@kittiwake/testkit';
import { newChannel, publishing } from '../../../test/contract/tier-harness.ts';
import { FakeRedisClient } from '../../../test/support/fake-redis-client.ts';
import { createRecordingMetrics } from '../../metrics/recording-metrics.ts';
import { silentLogger } from '../../telemetry/logger.ts';
import { Lane } from './lane.ts';
import { RedisPublisher } from './redis-publisher.ts';

const CHANNEL = newChannel();
const HIDING = { visibility: 'replicated' } as const;

test('[C11] a channel that hides nothing pays nothing for those that do', async () => {
  const { publisher, commands, replicated, settle } = await connected();
  void publisher.publish(publishing(CHANNEL, 1));
  await settle();
  assert.deepEqual(commands.sent.splice(0).map(nameAndCount), ['kwPublish 12']);
  void publisher.publish(publishing(CHANNEL, 1, { producer: { id: 'p', epoch: 1, sequence: 1 } }));
  await settle();
  assert.deepEqual(commands.sent.splice(0).map(nameAndCount), ['kwPublishNumbered 17']);
  assert.deepEqual(replicated.sent, []);
});

test('[C11] what readers find hidden is shown once, however many of them find it', async () => {
  const { publisher, replicated, settle } = await connected();
  const shows = [publisher.show(CHANNEL), publisher.show(CHANNEL)];
  await settle();
  for (const [name, reply] of [
    ['kwReveal 8', ['3', '5', 'e']],
    ['wait 2', 1],
    ['kwReveal 8', ['5', '5', 'e']],
  ] as const) {
    const sent = replicated.sent.splice(0);
    assert.deepEqual(sent.map(nameAndCount), [name]);
    sent[0]?.answer(reply);
    await settle();
  }
  await Promise.all(shows);
  void publisher.show(CHANNEL);
  await settle();
  assert.deepEqual(replicated.sent.map(nameAndCount), ['kwReveal 8'], 'it may be found again');
});

test('[C11] a publish that is refused because too much is hidden has that shown', async () => {
  const { publisher, replicated, settle } = await connected();
  const refused = publisher.publish(publishing(CHANNEL, 1, HIDING));
  await settle();
  replicated.sent.splice(0)[0]?.answer([4]);
  await settle();
  const outcome = await refused;
  assert.ok(!outcome.ok && outcome.error.kind === 'broker_unavailable');
  assert.ok((outcome.error.retryAfterMs ?? 0) > 0);
  assert.deepEqual(replicated.sent.map(nameAndCount), ['kwReveal 8']);
});

/** A publisher whose connections the test answers for. */
async function connected() {
  const clock = createFakeClock();
  const random = createSeededRandom(1);
  const deps = { clock, random, metrics: createRecordingMetrics(), log: silentLogger };
  const [commands, replicated] = [new FakeRedisClient(), new FakeRedisClient()];
  const lanes = {
    commands: new Lane({ ...deps, client: commands, name: 'commands' }),
    replicated: new Lane({ ...deps, client: replicated, name: 'replicated' }),
  };
  for (const lane of Object.values(lanes)) lane.start();
  const settle = (): Promise<void> => clock.run(0);
  await settle();
  for (const client of [commands, replicated]) client.sent.splice(0);
  return { publisher: new RedisPublisher(lanes, clock), commands, replicated, settle };
}

/** A command, and how many arguments it had. */
function nameAndCount({ name, args }: { readonly name: string; readonly args: readonly unknown[] }): string {
  return `${name} ${args.length}`;
}
