import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Goaway } from '@kittiwake/protocol';
import { createWorld, type World } from './connected-client.ts';
import { FakeNetwork } from './fake-network.ts';
import { joinedWorld } from './joined-world.ts';

const OVERLOAD: Goaway = { type: 'goaway', reconnectAfterMs: 7_000, reason: 'overload' };

/** A world of which the first `crowd` sockets are turned away by their gateway, as in a storm. */
function stormyWorld(crowd: number): World & { readonly network: FakeNetwork } {
  const { clock, gateway } = createWorld();
  let turned = 0;
  const network = new FakeNetwork({
    clock,
    accept: end => {
      turned += 1;
      if (turned > crowd) return gateway.accept(end);
      end.send(OVERLOAD);
      end.close(1013);
      return { receive: () => {}, closed: () => {} };
    },
  });
  return { ...createWorld({ clock, gateway, transport: network }), network };
}

test('[K19] who is turned away comes when it was told to, and not before, whatever the platform hints', async () => {
  const { client, clock, network, hint } = stormyWorld(2);
  client.connect();
  await clock.run(50);
  assert.deepEqual([client.status.phase, network.dialled, network.live], ['reconnecting', 1, 0]);
  hint();
  await clock.run(6_900);
  assert.equal(network.dialled, 1);
  await clock.run(200);
  assert.deepEqual([client.status.phase, network.dialled], ['reconnecting', 2]);
  await clock.run(7_100);
  assert.deepEqual([client.status.phase, network.dialled], ['connected', 3]);
});

test('[K19] a Retry-After that can be seen is obeyed, within the second that it does not name', async () => {
  const { client, clock, network } = createWorld();
  network.dials = 'refuse';
  network.retryAfterMs = 12_000;
  client.connect();
  await clock.run(11_900);
  assert.equal(network.dialled, 1);
  await clock.run(1_200);
  assert.equal(network.dialled, 2);
});

test('[K19] a client offers to be let in first once it has a session, also where it moves', async () => {
  const { network, gateway, clock } = await joinedWorld();
  assert.deepEqual(network.offered, ['kittiwake.v1', 'kittiwake.tell']);
  network.cut();
  await clock.run(2_000);
  assert.deepEqual(network.offered, ['kittiwake.v1', 'kittiwake.tell', 'kittiwake.resume']);
  network.offered = [];
  gateway.name = 'gateway-1';
  gateway.broadcast({ type: 'goaway', reconnectAfterMs: 0, closeAfterMs: 3_000, reason: 'rebalance' });
  await clock.run(100);
  assert.deepEqual(network.offered, ['kittiwake.v1', 'kittiwake.tell', 'kittiwake.resume']);
});

test('[K19] a client that sees why it is refused does not ask to be told', async () => {
  const { clock, gateway, network } = createWorld();
  network.seesRefusals = true;
  const { client } = createWorld({ clock, gateway, transport: network });
  client.connect();
  await clock.run(50);
  assert.deepEqual(network.offered, ['kittiwake.v1']);
});

test('[K18][K19] where the gateway to move to turns it away it comes there again when it was told to', async () => {
  const { network, gateway, clock, client } = await joinedWorld();
  gateway.name = 'gateway-1';
  network.dials = 'refuse';
  network.retryAfterMs = 4_000;
  gateway.broadcast({ type: 'goaway', reconnectAfterMs: 0, closeAfterMs: 20_000, reason: 'rebalance' });
  await clock.run(3_900);
  assert.deepEqual([client.status.phase, network.dialled], ['connected', 2]);
  network.dials = 'accept';
  await clock.run(1_300);
  assert.deepEqual([client.status.phase, network.dialled, network.live], ['connected', 3, 1]);
});
