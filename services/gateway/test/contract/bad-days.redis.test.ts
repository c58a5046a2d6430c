import assert from 'node:assert/strict';
import { after, before, suite, type TestContext, test } from 'node:test';
import { systemClock } from '@kittiwake/base';
import type { ChannelName, Json, Position } from '@kittiwake/protocol';
import { type RedisServer, skipWithoutRedis, until } from '@kittiwake/testkit';
import { writeBody } from '../../src/broker/redis/envelope.ts';
import { historyKey, idempotencyKey, stateKey } from '../../src/broker/redis/keys.ts';
import { SEND, say, sayMany, texts } from '../support/say.ts';
import { type ConnectedPeer, type RunningGateway, startGateway } from '../support/start-gateway.ts';
import { evict } from './evict.ts';
import { redisTier, startDocumentedRedis, urlOptions } from './redis-harness.ts';
import { newChannel } from './tier-harness.ts';

/** What a client sees on a bad day of one Redis, through a whole gateway: a member that stays, and one that comes back. */
suite('bad days of one Redis', { skip: skipWithoutRedis() }, () => {
  let server: RedisServer;
  before(async () => {
    server = await startDocumentedRedis();
  });
  after(() => server?.stop());

  /** Alice is a member and has seen three messages; who else comes may hold the last of them. */
  const open = async (t: TestContext) => {
    const tier = redisTier(urlOptions(server));
    const gateway = await startGateway(t, { tier });
    const channel = newChannel();
    const alice = await gateway.connect('alice');
    await alice.ask({ type: 'join', channel, presence: { mood: 'here' } }, 'joined');
    await sayMany(alice, channel, 3);
    const [, , last] = await alice.expectPublications(channel, 3);
    assert.ok(last !== undefined);
    return { gateway, tier, channel, alice, held: last.position };
  };

  test('[B9] FLUSHALL is told to a member that stayed, and to one that comes back; presence is put back', async t => {
    const { gateway, channel, alice, held } = await open(t);
    await server.command('FLUSHALL');
    const flushedAtMs = systemClock.monotonicMs();
    const { resume, position } = await alice.expectMessage('truncated');
    t.diagnostic(`told ${Math.round(systemClock.monotonicMs() - flushedAtMs)} ms after FLUSHALL`);
    assert.deepEqual([resume.outcome, position.offset], ['unknown', 0]);
    assert.equal(await outcomeOf(gateway, channel, held), 'unknown');
    await goesOn(alice, channel, { offset: 1, seen: 4 });
    await until(async () => (await presentIn(alice, channel)).length === 1, {
      what: 'alice is listed again',
    });
    assert.equal(await gateway.metric('kittiwake_gaps_total', { result: 'signalled' }), 1);
  });

  test('[B9] FLUSHALL between two looks is not hidden by a publication that comes right after it', async t => {
    const { gateway, channel, alice, held } = await open(t);
    await server.command('FLUSHALL');
    await sayMany(alice, channel, 5);
    assert.deepEqual((await alice.expectMessage('truncated')).resume, { outcome: 'unknown' });
    assert.equal(await outcomeOf(gateway, channel, held), 'unknown');
  });

  test('[B11] a state that was evicted is unknown to a member that stayed, and to one that comes back', async t => {
    const { gateway, channel, alice, held } = await open(t);
    await evict(server, stateKey(channel));
    assert.deepEqual((await alice.expectMessage('truncated')).resume, { outcome: 'unknown' });
    assert.equal(await outcomeOf(gateway, channel, held), 'unknown');
    await goesOn(alice, channel, { offset: 1, seen: 4 });
  });

  test('[B11] a history that was evicted is trimmed to who comes back, and nothing to a member that has it', async t => {
    const { gateway, channel, alice, held } = await open(t);
    await evict(server, historyKey(channel));
    assert.equal(await outcomeOf(gateway, channel, held), 'recovered', 'it has everything');
    assert.equal(await outcomeOf(gateway, channel, { ...held, offset: 1 }), 'trimmed');
    await goesOn(alice, channel, { offset: 4, seen: 4 });
    assert.equal(alice.received.filter(message => message.type === 'truncated').length, 0);
  });

  test('[B11] a key whose record was evicted is not remembered: only noeviction keeps P3', async t => {
    const { channel, alice } = await open(t);
    const once = { text: 'once', key: 'k1' } as const;
    const first = await say(alice, channel, once);
    assert.equal((await say(alice, channel, once)).duplicate, true);
    await evict(server, idempotencyKey(channel, 'k1'));
    const again = await say(alice, channel, once);
    assert.notDeepEqual(again.position, first.position);
    assert.notEqual(again.duplicate, true);
  });

  test('[B11] a key whose publication went with its state is stored again: nobody could have the first one', async t => {
    const { channel, alice } = await open(t);
    const once = { text: 'once', key: 'k1' } as const;
    await say(alice, channel, once);
    await evict(server, stateKey(channel));
    const again = await say(alice, channel, once);
    assert.deepEqual([again.position?.offset, again.duplicate], [1, undefined]);
    assert.equal((await say(alice, channel, once)).duplicate, true);
  });

  test('[B11] a server that may evict is warned of', async t => {
    await server.command('CONFIG', 'SET', 'maxmemory', '1gb', 'maxmemory-policy', 'allkeys-lru');
    const { tier } = await open(t);
    await server.command('CONFIG', 'SET', 'maxmemory', '0', 'maxmemory-policy', 'noeviction');
    const warned = tier.lines.filter(line => line.event === 'broker.may_evict');
    assert.deepEqual(
      warned.map(({ level, fields }) => [level, fields['policy']]),
      [['warn', 'allkeys-lru']],
    );
  });

  test('[B9] a publication that was stored and never announced reaches the members all the same', async t => {
    const { gateway, channel, alice } = await open(t);
    const body = writeBody({ event: SEND, version: 1, data: { text: 'unheard' }, atMs: systemClock.nowMs() });
    await server.command('HINCRBY', stateKey(channel), 'offset', '1');
    await server.command('XADD', historyKey(channel), '4-0', 't', String(systemClock.nowMs()), 'b', body);
    assert.deepEqual(texts((await alice.expectPublications(channel, 4, 10_000)).slice(3)), ['unheard']);
    assert.equal(alice.received.filter(message => message.type === 'truncated').length, 0);
    assert.equal(await gateway.metric('kittiwake_gaps_total', { result: 'filled' }), 1);
  });

  test('[C3] an offset without an entry is told as not kept, and nobody is stuck before it', async t => {
    const { gateway, channel, alice, held } = await open(t);
    await server.command('HINCRBY', stateKey(channel), 'offset', '1');
    await say(alice, channel, 'behind it');
    const trimmed = { outcome: 'trimmed', firstOffset: 5 };
    assert.deepEqual((await alice.expectMessage('truncated')).resume, trimmed);
    await alice.expectPublications(channel, 4);
    assert.deepEqual(alice.offsets(channel), [1, 2, 3, 5]);
    assert.equal(await outcomeOf(gateway, channel, held), 'trimmed');
    assert.equal(await outcomeOf(gateway, channel, { ...held, offset: 1 }), 'trimmed');
    const listed = await alice.ask(
      { type: 'request', event: 'kittiwake:history:list' as typeof SEND, channel, data: null },
      'response',
    );
    const { publications } = listed.data as { readonly publications: readonly { readonly data: Json }[] };
    assert.deepEqual(texts(publications), ['behind it']);
  });

  test('[B4] killed subscriptions cost a member nothing, whatever is published meanwhile', async t => {
    const { channel, alice } = await open(t);
    // Fewer than the history keeps: however long it takes to subscribe anew, nothing may be trimmed meanwhile.
    for (let times = 1; times <= 3; times += 1) {
      const flood = sayMany(alice, channel, 30);
      await server.command('CLIENT', 'KILL', 'TYPE', 'pubsub');
      await flood;
      await alice.expectPublications(channel, 3 + times * 30);
    }
    assert.deepEqual(alice.offsets(channel), upTo(93));
    assert.equal(alice.received.filter(message => message.type === 'truncated').length, 0);
  });

  test('[B5] a flushed script cache costs nobody anything, whatever is published meanwhile', async t => {
    const { channel, alice } = await open(t);
    const flood = sayMany(alice, channel, 100);
    for (let times = 0; times < 5; times += 1) await server.command('SCRIPT', 'FLUSH');
    await flood;
    await alice.expectPublications(channel, 103);
    assert.deepEqual(alice.offsets(channel), upTo(103));
  });

  for (const mode of ['WRITE', 'ALL'] as const) {
    test(`[B5] CLIENT PAUSE ${mode}: a publish ends as unknown, and its key keeps it to one`, async t => {
      const { channel, alice } = await open(t);
      await server.command('CLIENT', 'PAUSE', '3500', mode);
      const publish = { type: 'publish', channel, event: SEND, data: { text: 'paused' }, key: 'k2' } as const;
      const refused = await alice.ask({ ...publish, ack: 'primary' }, 'error');
      assert.equal(refused.kind, 'unknown_outcome');
      await until(async () => (await answerTo(alice, publish)) === 'ack', {
        timeoutMs: 10_000,
        what: 'the pause is over',
      });
      await goesOn(alice, channel, { offset: 5, seen: 5 });
      assert.deepEqual(texts(alice.publications(channel)).slice(3), ['paused', 'after']);
    });
  }

  test('[B6] without a right to publish clients stay, are refused with a delay, and go on once it is granted', async t => {
    const { gateway, channel, alice } = await open(t);
    await server.command('ACL', 'SETUSER', 'gateway', '-xadd');
    const publish = { type: 'publish', channel, event: SEND, data: { text: 'refused' } } as const;
    // The script itself notices it first: nobody knows how far it came.
    await until(async () => (await answerTo(alice, publish)) === 'broker_unavailable');
    await gateway.until('kittiwake_broker_up', 0);
    await server.command('ACL', 'SETUSER', 'gateway', '+xadd');
    await gateway.until('kittiwake_broker_up', 1);
    await say(alice, channel, 'granted');
    await until(() => texts(alice.publications(channel)).includes('granted'));
  });
});

/** How a reader that holds everything up to `position` is answered. */
async function outcomeOf(gateway: RunningGateway, channel: ChannelName, position: Position): Promise<string> {
  const bob = await gateway.connect('bob');
  const joined = await bob.ask({ type: 'join', channel, position }, 'joined');
  return joined.resume.outcome;
}

/** The next message is stored at `offset`, and is the last of the `seen` ones that have come. */
async function goesOn(
  alice: ConnectedPeer,
  channel: ChannelName,
  { offset, seen }: { readonly offset: number; readonly seen: number },
): Promise<void> {
  const { position } = await say(alice, channel, 'after');
  assert.equal(position?.offset, offset);
  const publications = await alice.expectPublications(channel, seen);
  assert.deepEqual(publications.at(-1)?.position, position);
}

async function presentIn(alice: ConnectedPeer, channel: ChannelName): Promise<readonly unknown[]> {
  const answer = await alice.ask(
    { type: 'request', event: 'kittiwake:presence:list' as typeof SEND, channel, data: null },
    'response',
  );
  return (answer.data as { readonly members: readonly unknown[] }).members;
}

/** `ack`, or the kind of the error. */
async function answerTo(
  alice: ConnectedPeer,
  question: Parameters<ConnectedPeer['ask']>[0],
): Promise<string> {
  const ref = alice.nextRef();
  alice.send({ ...question, ref } as Parameters<ConnectedPeer['send']>[0]);
  const answer = await until(() => alice.received.find(message => 'ref' in message && message.ref === ref));
  return answer.type === 'error' ? answer.kind : answer.type;
}

function upTo(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}
