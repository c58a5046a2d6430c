import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { ServerMessage } from '@kittiwake/protocol';
import { until } from '@kittiwake/testkit';
import { type ConnectedPeer, type RunningGateway, startGateway } from '../support/start-gateway.ts';
import { testConfig } from '../support/test-config.ts';

/** What becomes of members that do not read, by the rule of their channel; their neighbours read on. */

const PUBLICATIONS = 100;
/** More than socket and outbox hold. */
const MANY = 600;
const TICK = 'tick:eur';
const [chat] = testConfig('gateway-0').channels;

/** A gateway on which `tick:*` conflates, and `long:*` does not. */
async function gatewayOf(t: TestContext): Promise<RunningGateway> {
  assert.ok(chat !== undefined);
  const rate = { perSecond: 100_000, burst: 100_000 };
  const rule = { ...chat, pattern: 'long:*', presence: false, rate };
  return startGateway(t, { config: { channels: [{ ...rule, pattern: 'tick:*', conflate: true }, rule] } });
}

async function memberOf(gateway: RunningGateway, user: string, channel: string): Promise<ConnectedPeer> {
  const peer = await gateway.connect(user);
  await peer.ask({ type: 'join', channel } as never, 'joined');
  return peer;
}

/** Publishes large values of two events, and waits until the neighbour has all of them. */
async function publishMany(
  gateway: RunningGateway,
  neighbour: ConnectedPeer,
  { channel, count }: { readonly channel: string; readonly count: number },
): Promise<void> {
  const publisher = await gateway.connect('publisher');
  for (let n = 1; n <= count; n += 1) {
    const event = n % 10 === 0 ? 'state:set' : 'price:set';
    publisher.send({ type: 'publish', channel, event, data: { n, padding: 'x'.repeat(16_384) } } as never);
    await neighbour.expectPublications(channel, n);
    // Whatever it was asked before, the gateway has its answer now.
    await neighbour.roundTrip();
  }
}

/** Where the channel goes on after all of these, each of which must follow on; and what was sent of it. */
function followed(messages: readonly ServerMessage[]): {
  readonly next: number;
  readonly offsets: readonly number[];
} {
  let next = 1;
  const offsets: number[] = [];
  for (const message of messages) {
    if (message.type === 'truncated') {
      assert.ok(message.resume.outcome === 'trimmed' && message.resume.firstOffset > next);
      next = message.resume.firstOffset;
    } else if (message.type === 'publication') {
      assert.equal(message.position.offset, next);
      offsets.push(next);
      next += 1;
    }
  }
  return { next, offsets };
}

test('[C13] a member that does not read for a while gets the newest of each event, and its neighbour gets all', async t => {
  const gateway = await gatewayOf(t);
  const [slow, neighbour] = [
    await memberOf(gateway, 'slow', TICK),
    await memberOf(gateway, 'neighbour', TICK),
  ];
  slow.ws.pause();
  await publishMany(gateway, neighbour, { channel: TICK, count: PUBLICATIONS });
  const waiting = await gateway.metric('kittiwake_outbox_bytes');
  assert.ok(waiting < 262_144, `${waiting} bytes wait`);
  slow.ws.resume();
  await until(() => followed(slow.received).next === PUBLICATIONS + 1, { what: 'it has come to the end' });
  const { offsets } = followed(slow.received);
  assert.ok(offsets.length < 60, `it was sent ${offsets.length}`);
  assert.deepEqual(offsets.slice(-2), [PUBLICATIONS - 1, PUBLICATIONS]);
  const leftOut = await gateway.metric('kittiwake_conflated_publications_total');
  assert.equal(leftOut, PUBLICATIONS - offsets.length);
  assert.deepEqual(followed(neighbour.received).offsets.length, PUBLICATIONS);
});

test('[X3] in a channel that does not conflate it is closed, and its neighbour gets all', async t => {
  const gateway = await gatewayOf(t);
  const channel = 'long:eur';
  const [slow, neighbour] = [
    await memberOf(gateway, 'slow', channel),
    await memberOf(gateway, 'neighbour', channel),
  ];
  slow.ws.pause();
  await publishMany(gateway, neighbour, { channel, count: MANY });
  await gateway.until('kittiwake_disconnects_total', 1, { code: '4431' });
  assert.equal(followed(neighbour.received).offsets.length, MANY);
  assert.equal(await gateway.metric('kittiwake_outbox_bytes'), 0);
});
