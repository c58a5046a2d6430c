import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { type Deferred, deferred, err, ok, type Result } from '@kittiwake/base';
import type { PresenceEntry } from '@kittiwake/protocol';
import { fakeMember } from '../../test/support/fake-member.ts';
import { CHANNEL, channelRule } from '../../test/support/fixtures.ts';
import type { BrokerFailure } from '../broker/broker.ts';
import { silentLogger } from '../telemetry/logger.ts';
import { LocalChannel } from './local-channel.ts';
import { PresenceLists } from './presence-lists.ts';

type Answer<T> = Deferred<Result<T, BrokerFailure>>;

const DOWN = err({ kind: 'broker_unavailable', message: 'the test says so' } as const);

/** Lists of one channel over a store that answers when the test does, in the order in which the test does. */
function listsOf() {
  const watches: Answer<void>[] = [];
  const lists: Answer<readonly PresenceEntry[]>[] = [];
  const channel = new LocalChannel(CHANNEL, channelRule());
  const store = {
    watch: () => asked(watches),
    list: () => asked(lists),
  };
  return { watches, lists, channel, presence: new PresenceLists({ store, log: silentLogger }) };
}

function asked<T>(answers: Answer<T>[]): Promise<Result<T, BrokerFailure>> {
  const answer = deferred<Result<T, BrokerFailure>>();
  answers.push(answer);
  return answer.promise;
}

function entryOf(name: string): PresenceEntry {
  const { id, user } = fakeMember(name);
  return { member: id, user, data: { mood: 'here' } };
}

const alice = entryOf('alice');
const bob = entryOf('bob');

test('[E2][E3] what is told while a list is on its way stays, though the list was asked for again meanwhile', async () => {
  const { presence, channel, watches, lists } = listsOf();
  const opened = presence.read(channel);
  const again = presence.read(channel);
  watches[0]?.resolve(ok());
  await setImmediate();
  presence.take(channel, { channel: CHANNEL, set: [alice], left: [] });
  // It was read before Alice came.
  lists[0]?.resolve(ok([]));
  await opened;
  assert.deepEqual(channel.presence.entries(), [alice]);
  watches[1]?.resolve(ok());
  await setImmediate();
  lists[1]?.resolve(ok([alice, bob]));
  assert.deepEqual(await again, ok());
  assert.deepEqual(channel.presence.entries(), [alice, bob]);
});

test('[E2] a list is read once the channel is watched, and once more for all who asked meanwhile', async () => {
  const { presence, channel, watches, lists } = listsOf();
  const opened = presence.read(channel);
  const [one, other] = [presence.read(channel), presence.read(channel)];
  assert.equal(one, other);
  assert.equal(presence.last(channel), one);
  await setImmediate();
  assert.deepEqual([watches.length, lists.length], [1, 0]);
  watches[0]?.resolve(ok());
  await setImmediate();
  assert.deepEqual([watches.length, lists.length], [1, 1]);
  lists[0]?.resolve(ok([alice]));
  assert.deepEqual(await opened, ok());
  await setImmediate();
  watches[1]?.resolve(ok());
  await setImmediate();
  lists[1]?.resolve(ok([bob]));
  assert.deepEqual(await one, ok());
  assert.deepEqual([watches.length, lists.length], [2, 2]);
  assert.deepEqual(channel.presence.entries(), [bob]);
});

test('[E2][E3] a channel that could not be watched is watched before its list is read again', async () => {
  const { presence, channel, watches, lists } = listsOf();
  const opened = presence.read(channel);
  const again = presence.read(channel);
  watches[0]?.resolve(DOWN);
  assert.deepEqual(await opened, DOWN);
  await setImmediate();
  assert.deepEqual([watches.length, lists.length], [2, 0]);
  watches[1]?.resolve(ok());
  await setImmediate();
  lists[0]?.resolve(ok([alice]));
  assert.deepEqual(await again, ok());
  assert.deepEqual(channel.presence.entries(), [alice]);
});

test('[E2] nothing is asked for a channel that is closed', async () => {
  const { presence, channel, watches, lists } = listsOf();
  const opened = presence.read(channel);
  const again = presence.read(channel);
  channel.close();
  presence.forget(channel);
  watches[0]?.resolve(DOWN);
  await opened;
  assert.deepEqual(await again, ok());
  assert.deepEqual([watches.length, lists.length], [1, 0]);
});
