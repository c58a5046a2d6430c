import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import type { ChannelName } from '@kittiwake/protocol';
import { elapse, type RedisServer, skipWithoutRedis, until } from '@kittiwake/testkit';
import type { PublishCommand } from '../../src/broker/broker.ts';
import { stateKey } from '../../src/broker/redis/keys.ts';
import {
  type CountedTier,
  cutReplication,
  redisTier,
  sentinelOptions,
  startDocumentedRedis,
  startDocumentedReplica,
  startDocumentedTier,
  urlOptions,
} from './redis-harness.ts';
import { newChannel, publishing, recordingHandler } from './tier-harness.ts';

suite('producers on servers that fail', { skip: skipWithoutRedis() }, () => {
  test('[P10] a primary without enough replicas answers for no producer: what it remembers may be lost', async t => {
    const { server, publish } = await openOne(t);
    for (const sequence of [1, 2]) await publish(sequence);
    await server.command('CONFIG', 'SET', 'min-replicas-to-write', '1');
    const answers = [await publish(2), await publish(4), await publish(1, { epoch: 0 }), await publish(3)];
    answers.push(await publish(2, { producer: { id: 'orders-2', epoch: 1, sequence: 2, follows: 1 } }));
    await server.command('CONFIG', 'SET', 'min-replicas-to-write', '0');
    assert.deepEqual(new Set(answers), new Set(['broker_unavailable']));
    assert.deepEqual([await publish(2), await publish(3)], ['primary =2', 'primary 3']);
  });

  test('[P8] a number that a full memory refused was not stored, and is the next one still', async t => {
    const { server, publish } = await openOne(t);
    await publish(1);
    await server.command('CONFIG', 'SET', 'maxmemory', '1');
    const answers = [await publish(2), await publish(1)];
    await server.command('CONFIG', 'SET', 'maxmemory', '0');
    assert.deepEqual(answers, ['broker_unavailable', 'primary =1']);
    assert.deepEqual([await publish(2), await publish(2)], ['primary 2', 'primary =2']);
  });

  test('[B11] a producer whose publishes went with the state of their channel is not known any more', async t => {
    const { server, channel, publish } = await openOne(t);
    const following = (epoch: number, sequence: number, follows = sequence - 1): Promise<string> =>
      publish(sequence, { producer: { id: 'orders-1', epoch, sequence, follows } });
    for (const sequence of [1, 2, 3]) await following(2, sequence);
    await server.command('DEL', stateKey(channel));
    // Somebody else begins the channel anew.
    await publish(undefined, { key: 'a' });
    const answers = [await following(2, 4), await following(2, 3), await following(1, 4)];
    assert.deepEqual(answers, ['sequence_gap 1', 'sequence_gap 1', 'fenced']);
    assert.deepEqual([await following(2, 4, 0), await following(2, 5)], ['primary 2', 'primary 3']);
    assert.deepEqual([await following(2, 4, 0), await following(2, 3)], ['primary =2', 'sequence_gap 6']);
  });

  const REPEATED = {
    'a key': { key: 'a' },
    'a number': { sequence: 2 },
    'a number whose position is forgotten': { sequence: 1 },
  };

  for (const [what, repeated] of Object.entries(REPEATED)) {
    test(`[P8] the repetition of ${what} is replicated once a replica holds the first one, whoever stored that`, async t => {
      const { server, channel, publish } = await openOne(t);
      const replica = await attachReplica(t, server);
      await publish(1, { idempotencyMs: 1_500 });
      await elapse(1_000);
      await publish(2);
      await elapse(1_000);
      await publish(undefined, { key: 'a' });
      const other = await startGateway(t, server);
      const again = (): Promise<string> =>
        publishOn(other, channel, { ...repeated, over: { ack: 'replicated' } });
      replica.pause();
      t.after(() => replica.resume());
      assert.equal(await again(), 'unknown_outcome');
      replica.resume();
      await until(async () => (await again()).startsWith('replicated ='), { timeoutMs: 10_000 });
    });
  }

  test('[P10] a producer learns the first number that a failover lost, and is stored from there on', async t => {
    const tier = await startDocumentedTier();
    const gateway = redisTier(sentinelOptions(tier));
    t.after(async () => {
      await gateway.broker.stop();
      await tier.stop();
    });
    await gateway.broker.start(recordingHandler());
    const channel = newChannel();
    const publish = (sequence: number, over: Partial<PublishCommand> = {}): Promise<string> =>
      publishOn(gateway, channel, { sequence, over });
    for (const sequence of [1, 2]) await publish(sequence, { ack: 'replicated' });
    const former = await tier.primary();
    const replicas = await tier.replicas();
    await cutReplication(tier);
    assert.deepEqual([await publish(3), await publish(4)], ['primary 3', 'primary 4']);
    const ofOther = (sequence: number, follows = sequence - 1): Promise<string> =>
      publish(sequence, { producer: { id: 'orders-2', epoch: 1, sequence, follows } });
    assert.deepEqual([await ofOther(1), await ofOther(2)], ['primary 5', 'primary 6']);
    await former.kill();
    for (const replica of replicas) replica.resume();
    await tier.waitForFailover(former);
    const told = await until(async () => {
      const answer = await publish(5);
      return answer.startsWith('sequence_gap') && answer;
    });
    assert.equal(told, 'sequence_gap 3');
    const answers = [await publish(2), await publish(3), await publish(4), await publish(5)];
    assert.deepEqual(answers, ['primary =2', 'primary 3', 'primary 4', 'primary 5']);
    // Of the other one the failover lost everything.
    assert.deepEqual([await ofOther(3), await ofOther(3, 0)], ['sequence_gap 1', 'primary 6']);
  });
});

type Publish = {
  readonly key?: string;
  /** Number in epoch 1 of the one producer, or in `epoch`. */
  readonly sequence?: number | undefined;
  readonly epoch?: number;
  readonly over?: Partial<PublishCommand>;
};

/** Publishes and tells how it ended: `primary 3`, `primary =3` for the duplicate of it, or the kind of failure and the number expected. */
async function publishOn({ broker }: CountedTier, channel: ChannelName, publish: Publish): Promise<string> {
  const { key, sequence, epoch = 1, over = {} } = publish;
  const producer = sequence === undefined ? {} : { producer: { id: 'orders-1', epoch, sequence } };
  const command = publishing(channel, sequence ?? 'keyed', {
    ...producer,
    ...(key !== undefined && { key }),
    ...over,
  });
  const published = await broker.publish(command);
  if (!published.ok)
    return [published.error.kind, published.error.expectedSequence].filter(Boolean).join(' ');
  const { level, duplicate, position } = published.value;
  return `${level} ${duplicate ? '=' : ''}${position?.offset ?? ''}`;
}

async function startGateway(t: TestContext, server: RedisServer): Promise<CountedTier> {
  const gateway = redisTier(urlOptions(server));
  t.after(() => gateway.broker.stop());
  await gateway.broker.start(recordingHandler());
  return gateway;
}

/** A gateway over a server of its own. */
async function openOne(t: TestContext) {
  const server = await startDocumentedRedis();
  t.after(() => server.stop());
  const gateway = await startGateway(t, server);
  const channel = newChannel();
  return {
    server,
    channel,
    publish: (
      sequence: number | undefined,
      { epoch = 1, ...over }: Partial<PublishCommand> & { readonly epoch?: number } = {},
    ) => publishOn(gateway, channel, { sequence, epoch, over }),
  };
}

async function attachReplica(t: TestContext, server: RedisServer): Promise<RedisServer> {
  const replica = await startDocumentedReplica(server);
  t.after(() => replica.stop());
  const isThere = async (): Promise<boolean> =>
    (await server.command('INFO', 'replication')).includes('state=online');
  await until(isThere, { timeoutMs: 10_000, what: 'the replica follows' });
  return replica;
}
