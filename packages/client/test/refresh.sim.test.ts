import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Clock } from '@kittiwake/base';
import { createFakeClock } from '@kittiwake/testkit';
import { connectedWorld, type World } from './connected-client.ts';
import { tokens } from './tokens.ts';

const HOUR_MS = 3_600_000;
const TOKEN_LASTS_MS = 20_000;

/** A connected client on a machine of its own, and the tokens that it was given. */
type Office = World & {
  readonly issued: readonly string[];
  /** Sets the wall clock of the client's machine, and no other one. */
  set(offByMs: number): void;
};

/** A client whose wall clock is off by so much from the start. */
async function office(offByMs: number, tokenLastsMs = TOKEN_LASTS_MS): Promise<Office> {
  const clock = createFakeClock();
  const { monotonicMs, after, turn } = clock;
  let offMs = offByMs;
  const machine: Clock = { nowMs: () => clock.nowMs() + offMs, monotonicMs, after, turn };
  const { token, issued } = tokens();
  const world = await connectedWorld({ clock, machine, token, tokenLastsMs });
  const set = (ms: number): void => {
    offMs = ms;
  };
  return { ...world, issued, set };
}

for (const [what, offByMs] of [
  ['right', 0],
  ['an hour ahead', HOUR_MS],
  ['an hour behind', -HOUR_MS],
] as const) {
  test(`[K4] a client whose wall clock is ${what} refreshes its token in time, on the live connection`, async () => {
    const { clock, gateway, network, issued } = await office(offByMs);
    await clock.run(0.75 * TOKEN_LASTS_MS - 100);
    assert.equal(issued.length, 1);
    await clock.run(0.15 * TOKEN_LASTS_MS + 100);
    assert.equal(gateway.heard('refresh')[0]?.token, 'token-2');
    await clock.run(10 * TOKEN_LASTS_MS);
    assert.ok(issued.length >= 12 && issued.length <= 16, `${issued.length} tokens`);
    assert.equal(network.dialled, 1);
  });
}

for (const offByMs of [HOUR_MS, -HOUR_MS]) {
  test(`[K4] a wall clock that is set by ${offByMs} ms on a live connection has no token fetched, nor forgotten`, async () => {
    const { clock, network, issued, set, hint } = await office(0);
    await clock.run(TOKEN_LASTS_MS / 2);
    set(offByMs);
    hint();
    await clock.run(TOKEN_LASTS_MS / 4);
    assert.equal(issued.length, 1);
    await clock.run(TOKEN_LASTS_MS / 4);
    assert.equal(issued.length, 2);
    assert.equal(network.dialled, 1);
  });
}

test('[K4] a wall clock that is set while there is no connection does not make a good token stale', async () => {
  const { clock, network, gateway, issued, set, client } = await office(0, HOUR_MS);
  network.cut();
  set(2 * HOUR_MS);
  await clock.run(2_000);
  assert.equal(client.status.phase, 'connected');
  assert.equal(gateway.heard('connect').length, 2);
  assert.deepEqual(issued, ['token-1']);
});

test('[K4] a connection that is lost just before its token ends is dialled anew with the next one', async () => {
  const { clock, network, gateway } = await office(0, 1_300);
  network.cut();
  await clock.run(1_200);
  assert.deepEqual(
    gateway.heard('connect').map(({ token }) => token),
    ['token-1', 'token-2'],
  );
});

test('[K4] a gateway that says that nothing is left of each token does not have one fetched every second', async () => {
  const { clock, issued, network } = await office(0, 0);
  await clock.run(60_000);
  assert.ok(issued.length > 1 && issued.length <= 7, `${issued.length} tokens`);
  assert.equal(network.dialled, 1);
});
