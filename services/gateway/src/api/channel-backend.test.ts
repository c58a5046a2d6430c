import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ok } from '@kittiwake/base';
import type { ChannelName, EventName, SessionId, UserId } from '@kittiwake/protocol';
import { CHANNEL, channelRule } from '../../test/support/fixtures.ts';
import type { ControlMessage } from '../broker/gateway-bus.ts';
import type { Publishing } from '../channel/publisher.ts';
import type { ChannelRule } from '../config/channel-rule.ts';
import { createChannelBackend } from './channel-backend.ts';

const NOWHERE = 'nowhere:1' as ChannelName;

function backendOf(over: Partial<ChannelRule> = {}) {
  const published: Publishing[] = [];
  const broadcast: ControlMessage[] = [];
  const position = { offset: 1, epoch: 'a' };
  const backend = createChannelBackend({
    rules: { find: channel => (channel === CHANNEL ? channelRule(over) : undefined) },
    publisher: {
      publish: async publishing => {
        published.push(publishing);
        return ok({ position, level: 'primary', duplicate: false });
      },
    },
    presence: { list: async () => ok([]) },
    history: { list: async () => ok({ position, publications: [] }) },
    bus: {
      broadcast: async message => {
        broadcast.push(message);
        return ok();
      },
      gateways: async () => ok([]),
    },
  });
  return { backend, published, broadcast };
}

test('[H1] a publish has the level of its channel unless it asks for one, and says which was reached', async () => {
  const { backend, published } = backendOf({ ack: 'received' });
  const command = { channel: CHANNEL, event: 'a:b:c' as EventName, version: 1, data: 1 };
  const answer = await backend.publish(command);
  await backend.publish({ ...command, ack: 'replicated' });
  assert.deepEqual(
    published.map(({ ack, user, member }) => [ack, user, member]),
    [
      ['received', undefined, undefined],
      ['replicated', undefined, undefined],
    ],
  );
  assert.ok(answer.ok && answer.value.level === 'primary' && answer.value.position?.offset === 1);
});

test('[C8] a channel that no pattern matches is unknown to every call', async () => {
  const { backend } = backendOf();
  const answers = [
    await backend.publish({ channel: NOWHERE, event: 'a:b:c' as EventName, version: 1, data: 1 }),
    await backend.presence(NOWHERE),
    await backend.history(NOWHERE, 10),
  ];
  for (const answer of answers) assert.equal(!answer.ok && answer.error.kind, 'unknown_channel');
});

test('[H1] what a channel does not keep is said', async () => {
  const { backend } = backendOf({ presence: false, history: { size: 0, ageMs: 0 } });
  const [presence, history] = [await backend.presence(CHANNEL), await backend.history(CHANNEL, 1)];
  assert.deepEqual(
    [!presence.ok && presence.error.kind, !history.ok && history.error.kind],
    ['presence_off', 'history_off'],
  );
});

test('[H1] a disconnect is asked of every gateway', async () => {
  const { backend, broadcast } = backendOf();
  await backend.disconnect({ user: 'alice' as UserId });
  await backend.disconnect({ session: 's-1' as SessionId });
  assert.deepEqual(broadcast, [
    { type: 'disconnect-user', user: 'alice' },
    { type: 'disconnect-session', session: 's-1' },
  ]);
});
