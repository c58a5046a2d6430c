import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ChannelName, type Json, jsonCodec, type Ref, type ServerMessage } from '@kittiwake/protocol';
import { createFakeClock } from '@kittiwake/testkit';
import { Wire } from '../connection/wire.ts';
import type { Failure } from '../failure.ts';
import { Showing } from './showing.ts';

const CHANNEL = 'chat:1' as ChannelName;
const REFUSED = { type: 'error', kind: 'broker_unavailable', message: 'down', retry: 'backoff' } as const;

const FAILURE: Failure = { kind: 'broker_unavailable', message: 'down', retry: 'backoff' };

/** A channel whose join, which carried what was shown before, has just been answered; `after` was to be shown meanwhile. */
function afterJoin({ after }: { readonly after?: Json } = { after: 'after' }) {
  const clock = createFakeClock();
  const sent: Json[] = [];
  const state = { joined: false };
  let ref = 0;
  const wire = new Wire({
    clock,
    codec: jsonCodec,
    nextRef: () => {
      ref += 1;
      return ref as Ref;
    },
    requestsMax: 10,
    requestTimeoutMs: 60_000,
    send: data => {
      const message = JSON.parse(String(data)) as { readonly data: Json };
      sent.push(message.data);
      return true;
    },
  });
  const showing = new Showing({ name: CHANNEL, wire, clock, isJoined: () => state.joined }, 'before');
  assert.equal(showing.carried(), 'before');
  if (after !== undefined) void showing.show(after);
  state.joined = true;
  showing.joined();
  const accept = (): boolean =>
    wire.answer(ref as Ref, { type: 'ack', ref: ref as Ref, channel: CHANNEL, level: 'primary' });
  const refuse = (more: { readonly retryAfterMs?: number } = {}): boolean =>
    wire.answer(ref as Ref, { ...REFUSED, ref, ...more } as unknown as ServerMessage);
  return { clock, sent, state, showing, accept, refuse };
}

test('[E1] what was shown while a join was on its way is shown again until it is taken', async () => {
  const { clock, sent, refuse } = afterJoin();
  assert.deepEqual(sent, ['after']);
  refuse();
  await clock.run(999);
  assert.deepEqual(sent, ['after']);
  await clock.run(1);
  assert.deepEqual(sent, ['after', 'after']);
  refuse({ retryAfterMs: 5_000 });
  await clock.run(5_000);
  assert.equal(sent.length, 3);
});

test('[E1] it is not shown again where the channel was left, or something newer is shown', async () => {
  const left = afterJoin();
  left.refuse();
  await left.clock.run(0);
  left.showing.left();
  await left.clock.run(10_000);
  assert.deepEqual(left.sent, ['after']);
  const changed = afterJoin();
  changed.refuse();
  await changed.clock.run(0);
  void changed.showing.show('newest');
  await changed.clock.run(10_000);
  assert.deepEqual(changed.sent, ['after', 'newest']);
});

test('[E1] what a join carried, and the gateway could not show, is shown again until it is taken', async () => {
  const { clock, sent, showing, accept, refuse } = afterJoin({});
  showing.refused({ ...FAILURE, retryAfterMs: 3_000 });
  await clock.run(2_999);
  assert.deepEqual(sent, []);
  await clock.run(1);
  assert.deepEqual(sent, ['before']);
  refuse();
  await clock.run(1_000);
  assert.deepEqual(sent, ['before', 'before']);
  accept();
  showing.refused(FAILURE);
  await clock.run(10_000);
  assert.equal(sent.length, 2);
});

test('[E1] what a join carried is not shown again for what is refused for good, or once the channel was left', async () => {
  const { clock, sent, showing } = afterJoin({});
  showing.refused({ ...FAILURE, kind: 'schema_violation', retry: 'never' });
  await clock.run(10_000);
  showing.refused(FAILURE);
  showing.left();
  await clock.run(10_000);
  assert.deepEqual(sent, []);
});
