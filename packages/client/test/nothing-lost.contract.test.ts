import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { until } from '@kittiwake/testkit';
import type { Channel } from '../src/channel/channel.ts';
import type { ChannelStart } from '../src/channel/channel-port.ts';
import { fileStore } from '../src/node/file-store.ts';
import type { PublishOutcome } from '../src/publish/publish-outcome.ts';
import { type Chat, type RealGateways, startRealGateways } from './real-gateways.ts';

/** What the SDK promises of publishes and histories, against real gateways whose broker fails over. */

const EVENT = 'chat:message:send';

let gateways: RealGateways;

before(async () => {
  gateways = await startRealGateways(2);
});

after(() => gateways.stop());

type Room = Channel<Chat['chat:*']>;

const say = (room: Room, text: string): Promise<PublishOutcome> => room.publish(EVENT, { text });

/** What a member was told; reads like `one`, `truncated 2-3`. */
async function member(user: string, index: number, name: string): Promise<readonly string[]> {
  const client = await gateways.connect(user, index);
  const room = client.channel(name as 'chat:room');
  const told: string[] = [];
  room.onEvent(EVENT, ({ data }) => told.push(data.text));
  room.onTruncated(({ from, to }) => told.push(`truncated ${from}-${to}`));
  assert.ok((await room.join()).ok);
  return told;
}

/** The texts that the channel keeps. */
async function kept(room: Room): Promise<readonly string[]> {
  const history = await room.history();
  assert.ok(history.ok);
  return history.value.publications.map(({ data }) => data.text);
}

test('[C10] a history whose newest epochs were lost is rolled back to the exact offset, on both gateways', async () => {
  const [ada, near, far] = await Promise.all([
    gateways.connect('ada', 0),
    member('bob', 0, 'chat:chain'),
    member('eve', 1, 'chat:chain'),
  ]);
  const room = ada.channel('chat:chain');
  for (const text of ['one', 'two']) await say(room, text);
  gateways.cluster.failOver(0);
  for (const text of ['three', 'four']) await say(room, text);
  await until(() => near.length === 4 && far.length === 4, { what: 'four publications' });
  gateways.cluster.failOver(3);
  await say(room, 'five');
  const expected = ['one', 'two', 'three', 'four', 'truncated 2-4', 'five'];
  await until(() => near.length === 6 && far.length === 6, { what: 'the repair' });
  assert.deepEqual([near, far], [expected, expected]);
});

test('[K15] a worker applies each publication once, through a failover and into its next life', async () => {
  const ada = await gateways.connect('ada', 0);
  const room = ada.channel('chat:worker');
  const effects = new Map<number, string>();
  let place: ChannelStart = {};
  const work = async (index: number, expected: readonly string[]): Promise<void> => {
    const client = await gateways.connect('worker', index);
    const channel = client.channel('chat:worker', place);
    void channel.process(async (delivery, commit) => {
      if (delivery.type === 'publication') {
        const { position, data } = delivery.publication;
        assert.equal(effects.has(position.offset), false, `offset ${position.offset} twice`);
        effects.set(position.offset, data.text);
      } else if (delivery.change.outcome === 'truncated') {
        for (const offset of effects.keys()) if (offset >= delivery.change.from) effects.delete(offset);
      }
      place = commit;
    });
    await until(() => channel.state.phase === 'joined', { what: 'the worker joins' });
    if (index === 0) for (const text of expected) await say(room, text);
    await until(() => [...effects.values()].join() === expected.join(), { what: expected.join() });
    client.close();
  };
  await work(0, ['one', 'two', 'three']);
  gateways.cluster.failOver(2);
  await say(room, 'instead');
  await work(1, ['one', 'instead']);
});

test('[K16] a producer sends again what a failover took, in order, and a later life fences it', async () => {
  const [first, second] = await Promise.all([gateways.connect('ada', 0), gateways.connect('ada', 1)]);
  const room = first.channel('chat:producer', { producer: { id: 'meter', epoch: 1 } });
  const told: string[] = [];
  first.on('settled', ({ outcome }) => told.push(outcome.outcome));
  room.on('error', ({ kind }) => told.push(kind));
  const outcomes = await Promise.all(['one', 'two', 'three'].map(text => say(room, text)));
  assert.deepEqual(
    outcomes.map(({ outcome }) => outcome),
    ['acked', 'acked', 'acked'],
  );
  gateways.cluster.failOver(2);
  assert.equal((await say(room, 'four')).outcome, 'acked');
  await until(() => told.length === 2, { what: 'what was sent again' });
  assert.deepEqual(
    [told, await kept(room)],
    [
      ['acked', 'acked'],
      ['one', 'two', 'three', 'four'],
    ],
  );
  const later = second.channel('chat:producer', { producer: { id: 'meter', epoch: 2 } });
  assert.equal((await say(later, 'five')).outcome, 'acked');
  const fenced = await say(room, 'six');
  assert.ok(fenced.outcome === 'rejected' && fenced.failure.kind === 'fenced');
  assert.equal(told.at(-1), 'fenced');
});

test('[K16] a twin with the same id and epoch is found out, and loses nothing unsaid', async () => {
  const [first, twin] = await Promise.all([gateways.connect('ada', 0), gateways.connect('bob', 1)]);
  const producer = { id: 'meter', epoch: 1 };
  assert.equal((await say(first.channel('chat:twin', { producer }), 'ours')).outcome, 'acked');
  const theirs = await say(twin.channel('chat:twin', { producer }), 'theirs');
  assert.ok(theirs.outcome === 'rejected' && theirs.failure.kind === 'fenced');
  assert.deepEqual(await kept(first.channel('chat:twin')), ['ours']);
});

test('[K17] what a failover took is published again, and everybody sees it', async () => {
  const ada = await gateways.connect('ada', 0);
  const room = ada.channel('chat:again', { republish: true });
  assert.ok((await room.join()).ok);
  const told = await member('bob', 1, 'chat:again');
  for (const text of ['one', 'two', 'three']) await say(room, text);
  await until(() => told.length === 3, { what: 'three publications' });
  gateways.cluster.failOver(2);
  await until(() => told.length === 6, { what: 'the repair' });
  assert.deepEqual(told, ['one', 'two', 'three', 'truncated 2-3', 'two', 'three']);
  assert.deepEqual(await kept(room), ['one', 'two', 'three']);
});

test('[K14] what was written without a gateway is sent by the next process with the same file', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'kittiwake-outbox-'));
  t.after(() => rm(folder, { recursive: true }));
  const path = join(folder, 'outbox.jsonl');
  const offline = gateways.client('ada', 0, { url: 'ws://localhost:1/', store: fileStore(path) });
  offline.connect();
  const producer = { id: 'meter', epoch: 1 };
  const outcomes = ['one', 'two'].map(text => say(offline.channel('chat:outbox', { producer }), text));
  await until(() => offline.queued.messages === 2, { what: 'both wait' });
  offline.close();
  for (const outcome of await Promise.all(outcomes)) assert.equal(outcome.outcome, 'unknown');
  const next = await gateways.connect('ada', 0, { store: fileStore(path) });
  const room = next.channel('chat:outbox', { producer });
  const settled: string[] = [];
  next.on('settled', ({ outcome }) => settled.push(outcome.outcome));
  assert.equal((await say(room, 'three')).outcome, 'acked');
  assert.deepEqual(
    [settled, await kept(room)],
    [
      ['acked', 'acked'],
      ['one', 'two', 'three'],
    ],
  );
});

test('[K6] a backlog of more than a session may send at once arrives whole, in order, on one connection', async () => {
  const client = gateways.client('ada', 0);
  const room = client.channel('chat:backlog');
  const texts = Array.from({ length: 150 }, (_, index) => String(index));
  const outcomes = texts.map(text => say(room, text));
  const phases: string[] = [];
  client.on('status', ({ phase }) => phases.push(phase));
  client.connect();
  for (const outcome of await Promise.all(outcomes)) assert.equal(outcome.outcome, 'acked');
  assert.equal(phases.at(-1), 'connected');
  assert.equal(phases.includes('reconnecting'), false);
  const history = await room.history({ limit: 150 });
  assert.ok(history.ok);
  assert.deepEqual(
    history.value.publications.map(({ data }) => data.text),
    texts,
  );
});
