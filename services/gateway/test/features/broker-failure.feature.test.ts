import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { err } from '@kittiwake/base';
import type { BrokerFailure } from '../../src/broker/broker.ts';
import { createMemoryTier } from '../../src/broker/memory/memory-tier.ts';
import { CHAT, NOW, SEND, say } from '../support/say.ts';
import { createWorld, startGateway } from '../support/start-gateway.ts';

const UNAVAILABLE = { kind: 'broker_unavailable', message: 'no primary', retryAfterMs: 500 } as const;
const UNKNOWN = { kind: 'unknown_outcome', message: 'no answer' } as const;

for (const failure of [UNAVAILABLE, UNKNOWN]) {
  test(`[P4] ${failure.kind} is answered as that, and never as an acknowledgement`, async t => {
    const { gateway } = await withBroker(t, failure);
    const alice = await gateway.connect('alice');
    const error = await alice.ask(
      { type: 'publish', channel: CHAT, event: SEND, data: { text: 'x' } },
      'error',
    );
    assert.equal(error.kind, failure.kind);
    const api = await gateway.api('/v1/publish', { channel: CHAT, event: SEND, data: { text: 'x' } });
    assert.equal((api.body as { readonly kind: string }).kind, failure.kind);
  });
}

test('[B6] while the broker is down clients stay, are told when to come back, and go on afterwards', async t => {
  const { gateway, heal } = await withBroker(t, UNAVAILABLE);
  const alice = await gateway.connect('alice');
  await alice.ask({ type: 'join', channel: CHAT }, 'joined');
  const refused = await alice.ask(
    { type: 'publish', channel: CHAT, event: SEND, data: { text: 'x' } },
    'error',
  );
  assert.deepEqual([refused.retry, refused.retryAfterMs], ['backoff', 500]);
  assert.equal(await gateway.metric('kittiwake_publications_total', { result: 'failed' }), 1);
  heal();
  await say(alice, CHAT, 'again');
  await alice.expectPublications(CHAT, 1);
});

test('[P2] received is acknowledged at once, and says no position', async t => {
  const { gateway } = await withBroker(t, UNAVAILABLE);
  const alice = await gateway.connect('alice');
  const ack = await say(alice, NOW, 'fire and forget');
  assert.deepEqual([ack.level, ack.position], ['received', undefined]);
  await alice.roundTrip();
  assert.equal(alice.received.filter(message => message.type === 'error').length, 0);
});

/** A gateway whose broker stores nothing until it is healed. */
async function withBroker(t: TestContext, failure: BrokerFailure) {
  const world = createWorld();
  const tier = createMemoryTier(world.cluster, world);
  const publish = tier.broker.publish.bind(tier.broker);
  let down = true;
  const broker = Object.assign(tier.broker, {
    publish: async (command: Parameters<typeof publish>[0]) => (down ? err(failure) : publish(command)),
  });
  const gateway = await startGateway(t, { world, tier: { ...tier, broker } });
  const heal = (): void => {
    down = false;
  };
  return { gateway, heal };
}
