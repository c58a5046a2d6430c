import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFakeClock } from '@kittiwake/testkit';
import { CHAT, LONG, say } from '../support/say.ts';
import { createWorld, startGateway, startGateways } from '../support/start-gateway.ts';

test('[D1] readiness fails first, and newcomers are let in until nobody is sent any more', async t => {
  const clock = createFakeClock();
  const gateway = await startGateway(t, { world: createWorld(clock) });
  assert.equal(await gateway.probe('/readyz'), 200);
  const drained = gateway.gateway.drain();
  assert.equal(await gateway.probe('/readyz'), 503);
  assert.equal(await gateway.probe('/livez'), 200);
  const late = await gateway.connect('late');
  await clock.run(200);
  await assert.rejects(gateway.open(), /503/);
  await clock.run(5_000);
  await late.expectClosed(4450);
  await drained;
});

test('[D2][D3] each session is told to go and when to come back, then closed; a publish in between is answered', async t => {
  const clock = createFakeClock();
  const gateway = await startGateway(t, { world: createWorld(clock) });
  const alice = await gateway.connect('alice');
  const drained = gateway.gateway.drain();
  await clock.run(200);
  const goaway = await alice.expectMessage('goaway');
  assert.equal(goaway.reason, 'drain');
  assert.ok(goaway.reconnectAfterMs >= 500 && goaway.reconnectAfterMs <= 2_000);
  await say(alice, CHAT, 'still answered');
  assert.ok((goaway.closeAfterMs ?? 0) > goaway.reconnectAfterMs && (goaway.closeAfterMs ?? 0) <= 2_000);
  await clock.run(goaway.closeAfterMs ?? 0);
  assert.equal(await alice.expectClosed(4450), 'drained');
  await clock.run(5_000);
  await drained;
});

test('[D2] sessions that are handed over lose nothing: they resume elsewhere from their position', async t => {
  const [one, two] = await startGateways(t, 2);
  const [alice, bob] = [await one.connect('alice'), await two.connect('bob')];
  await alice.ask({ type: 'join', channel: LONG }, 'joined');
  const talk = async (times: number): Promise<void> => {
    for (let n = 0; n < times; n += 1) await say(bob, LONG, 'on and on');
  };
  await talk(20);
  const drained = one.gateway.drain();
  await alice.expectMessage('goaway');
  await talk(20);
  await alice.expectClosed(4450);
  await talk(20);
  const last = alice.publications(LONG).at(-1);
  assert.ok(last !== undefined);
  const again = await two.connect('alice', { session: alice.connected.session });
  const { resume } = await again.ask({ type: 'join', channel: LONG, position: last.position }, 'joined');
  await talk(20);
  await drained;
  assert.equal(resume.outcome, 'recovered');
  await again.expectPublications(LONG, 80 - last.position.offset);
  assert.deepEqual(
    [...alice.offsets(LONG), ...again.offsets(LONG)],
    Array.from({ length: 80 }, (_, index) => index + 1),
  );
});

test('[D3] a client that never connected is told by its close code when to come back', async t => {
  const gateway = await startGateway(t);
  const silent = await gateway.open();
  await gateway.gateway.stop();
  await silent.expectClosed(1001);
});

test('[D4] a peer that does not read does not hold the drain up', async t => {
  const gateway = await startGateway(t);
  const alice = await gateway.connect('alice');
  alice.ws.pause();
  const startedMs = gateway.world.clock.monotonicMs();
  await gateway.gateway.drain();
  assert.ok(gateway.world.clock.monotonicMs() - startedMs < 7_000);
});

test('[D4] a stop during a drain ends it at once', async t => {
  const gateway = await startGateway(t, { world: createWorld(createFakeClock()) });
  const alice = await gateway.connect('alice');
  const drained = gateway.gateway.drain();
  await Promise.all([gateway.gateway.stop(), drained]);
  await alice.expectClosed(4450);
});

test('[D1] the connections of a gateway that drains are counted apart', async t => {
  const clock = createFakeClock();
  const gateway = await startGateway(t, { world: createWorld(clock) });
  await gateway.connect('alice');
  const drained = gateway.gateway.drain();
  await clock.run(200);
  await gateway.until('kittiwake_connections_draining', 1);
  assert.equal(await gateway.metric('kittiwake_connections_active'), 0);
  await clock.run(5_000);
  await drained;
});

test('[D9] who is asked by a shed and then by a drain goes once, and has moved for both', async t => {
  const clock = createFakeClock();
  const operationsKey = 'an-operations-key-for-tests';
  const gateway = await startGateway(t, { world: createWorld(clock), config: { operationsKey } });
  const alice = await gateway.connect('alice');
  const { status } = await fetch(`http://127.0.0.1:${gateway.ports.operations}/handover`, {
    method: 'POST',
    headers: { authorization: `Bearer ${operationsKey}` },
    body: JSON.stringify({ do: 'shed', sessions: 1, perSecond: 10 }),
  });
  assert.equal(status, 202);
  await clock.run(0);
  assert.equal((await alice.expectMessage('goaway')).reason, 'rebalance');
  const drained = gateway.gateway.drain();
  await clock.run(200);
  assert.equal((await alice.expectMessage('goaway')).reason, 'drain');
  alice.ws.close();
  for (const reason of ['rebalance', 'drain'])
    await gateway.until('kittiwake_handover_sessions_total', 1, { reason, result: 'moved' });
  await clock.run(5_000);
  await drained;
});
