import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFakeClock } from '@kittiwake/testkit';
import { connectedWorld, createWorld, type World } from './connected-client.ts';
import { SleepyClock } from './sleepy-clock.ts';
import { tokens } from './tokens.ts';

const HOUR_MS = 3_600_000;

/** A connected client on a machine that can sleep. */
async function laptop(): Promise<World & { readonly machine: SleepyClock }> {
  const clock = createFakeClock();
  const machine = new SleepyClock(clock);
  return { ...(await connectedWorld({ clock, machine })), machine };
}

/** The gateway pings, as it does every 15 s. */
function ping({ gateway }: World): void {
  gateway.broadcast({ type: 'ping', ref: 1 });
}

test('[K9] a machine that slept probes when it wakes, and keeps a connection that still stands', async () => {
  const world = await laptop();
  world.machine.sleep();
  await world.clock.run(60_000);
  world.machine.wake();
  await world.clock.run(1);
  assert.equal(world.client.status.phase, 'connected');
  await world.clock.run(4_000);
  assert.equal(world.gateway.heard('ping').length, 1);
  assert.equal(world.network.dialled, 1);
});

test('[K9] a machine that slept gives up a connection that is gone 3 s after it wakes', async () => {
  const world = await laptop();
  world.machine.sleep();
  world.network.cut(true);
  await world.clock.run(HOUR_MS);
  world.machine.wake();
  await world.clock.run(3_050);
  assert.equal(world.network.dialled, 2);
  assert.equal(world.client.status.phase, 'connected');
});

test('[K9] a clock that stood still while the machine slept hides nothing: a probe within 5 s', async () => {
  const world = await connectedWorld();
  world.clock.jump(HOUR_MS / 2);
  await world.clock.run(5_000);
  assert.equal(world.gateway.heard('ping').length, 1);
  world.network.cut(true);
  world.clock.jump(HOUR_MS / 4);
  await world.clock.run(8_100);
  assert.equal(world.network.dialled, 2);
});

test('[K9] a clock that is put back or forward a little changes nothing', async () => {
  const world = await connectedWorld();
  world.clock.jump(-HOUR_MS);
  await world.clock.run(6_000);
  world.clock.jump(1_500);
  await world.clock.run(6_000);
  assert.deepEqual([world.gateway.heard('ping').length, world.network.dialled], [0, 1]);
});

test('[K9] a page that is shown again, its timers throttled, finds a dead connection in 5 s', async () => {
  const world = await laptop();
  world.machine.sleep();
  world.network.cut(true);
  await world.clock.run(20_000);
  world.machine.wake();
  world.hint();
  await world.clock.run(5_000);
  assert.equal(world.network.dialled, 2);
});

test('[K9] hints that keep coming do not give a probe more time', async () => {
  const world = await connectedWorld();
  world.network.cut(true);
  for (let index = 0; index < 4; index += 1) {
    world.hint();
    await world.clock.run(1_000);
  }
  assert.equal(world.network.dialled, 2);
});

test('[K9] a hidden page whose timers run once a minute stays connected while the gateway pings', async () => {
  const world = await laptop();
  for (let minute = 0; minute < 10; minute += 1) {
    world.machine.sleep();
    for (let count = 0; count < 2; count += 1) {
      ping(world);
      await world.clock.run(30_000);
    }
    world.machine.wake();
    await world.clock.run(10);
  }
  assert.equal(world.network.dialled, 1);
  assert.ok(world.gateway.heard('ping').length <= 10);
});

test('[K9] a hidden page whose connection died comes back within two of its minutes', async () => {
  const world = await laptop();
  world.network.cut(true);
  for (let minute = 0; minute < 2; minute += 1) {
    world.machine.sleep();
    await world.clock.run(60_000);
    world.machine.wake();
  }
  await world.clock.run(100);
  assert.equal(world.network.dialled, 2);
});

test('[K4] a token that ran out while offline is replaced before the next dial', async () => {
  const { token, issued } = tokens();
  const world = createWorld({ token });
  world.gateway.tokenLastsMs = 60_000;
  world.client.connect();
  await world.clock.run(50);
  world.network.dials = 'refuse';
  world.network.cut();
  await world.clock.run(90_000);
  assert.ok(issued.length > 1);
  world.network.dials = 'accept';
  await world.clock.run(31_000);
  assert.equal(world.gateway.heard('connect').at(-1)?.token, issued.at(-1));
  assert.equal(world.client.status.phase, 'connected');
});

test('[K4] a token that ran out while the machine slept is replaced when it wakes', async () => {
  const world = await laptop();
  world.machine.sleep();
  await world.clock.run(2 * HOUR_MS);
  world.machine.wake();
  await world.clock.run(100);
  assert.equal(world.gateway.heard('refresh').length, 1);
  assert.equal(world.network.dialled, 1);
});

test('[K2, K4] where the clock slept as well, the gateway says that the token is over, and a new one is fetched at once', async () => {
  const { token, issued } = tokens();
  const world = await connectedWorld({ token });
  world.clock.jump(2 * HOUR_MS);
  world.gateway.closeAll(4402);
  await world.clock.run(100);
  assert.equal(world.client.status.phase, 'connected');
  assert.deepEqual(
    world.gateway.heard('connect').map(connect => connect.token),
    issued,
  );
  assert.equal(issued.length, 2);
});

test('[K2, K4] a stale token that looks good is used once, and its refusal fetches another', async () => {
  const { token, issued } = tokens();
  const world = await connectedWorld({ token });
  world.gateway.closeOnConnect = 4402;
  world.network.cut();
  await world.clock.run(1_500);
  world.gateway.closeOnConnect = undefined;
  await world.clock.run(5_000);
  assert.equal(world.client.status.phase, 'connected');
  assert.ok(issued.length >= 2);
});
