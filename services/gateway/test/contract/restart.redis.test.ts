import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, type TestContext, test } from 'node:test';
import { systemClock } from '@kittiwake/base';
import { type RedisServer, type SentinelTier, skipWithoutRedis, until } from '@kittiwake/testkit';
import { say, sayMany, texts } from '../support/say.ts';
import { type RunningGateway, startGateway } from '../support/start-gateway.ts';
import { redisTier, sentinelOptions, startDocumentedTier } from './redis-harness.ts';
import { newChannel } from './tier-harness.ts';

suite('a primary that comes back', { skip: skipWithoutRedis() }, () => {
  let tier: SentinelTier;
  before(async () => {
    // A restart takes some 50 ms, and far longer on a machine that has much to do.
    tier = await startDocumentedTier({ downAfterMs: 5_000 });
  });
  after(() => tier?.stop());

  /** Alice and Carol are members on a gateway each, and have seen three messages. */
  const open = async (t: TestContext) => {
    const start = (id: string): Promise<RunningGateway> =>
      startGateway(t, { id, tier: redisTier(sentinelOptions(tier)) });
    const [here, there] = [await start('gateway-0'), await start('gateway-1')];
    const channel = newChannel();
    const [alice, carol] = [await here.connect('alice'), await there.connect('carol')];
    for (const peer of [alice, carol]) await peer.ask({ type: 'join', channel }, 'joined');
    await sayMany(alice, channel, 3);
    const [, , last] = await alice.expectPublications(channel, 3);
    assert.ok(last !== undefined);
    await carol.expectPublications(channel, 3);
    return { here, channel, members: [alice, carol] as const, held: last.position };
  };

  /** Bob comes back with what he held, then everybody gets what is new. */
  const goesOn = async ({ here, channel, members, held }: Awaited<ReturnType<typeof open>>) => {
    const [alice] = members;
    const bob = await here.connect('bob');
    const joined = await bob.ask({ type: 'join', channel, position: held }, 'joined');
    await tier.settled();
    const { position } = await say(alice, channel, { text: 'after', ack: 'replicated' });
    for (const peer of [...members, bob])
      await until(() => texts(peer.publications(channel)).at(-1) === 'after', { what: 'members go on' });
    return { outcome: joined.resume.outcome, offset: position?.offset };
  };

  test('[C9][B3] empty, sooner than Sentinel notices: replicas copy the emptiness, and everybody is told', async t => {
    const opened = await open(t);
    const primary = await tier.primary();
    const diedAtMs = systemClock.monotonicMs();
    await comeBack(primary, { empty: true });
    const downMs = systemClock.monotonicMs() - diedAtMs;
    for (const peer of opened.members)
      assert.equal((await peer.expectMessage('truncated')).resume.outcome, 'unknown');
    const toldMs = systemClock.monotonicMs() - diedAtMs;
    t.diagnostic(`down for ${Math.round(downMs)} ms, told after ${Math.round(toldMs)} ms`);
    assert.equal(await tier.primary(), primary, 'Sentinel promoted nobody');
    assert.deepEqual(await goesOn(opened), { outcome: 'unknown', offset: 1 });
  });

  test('[B3] with its log, sooner than Sentinel notices: another epoch, and nobody misses anything', async t => {
    const opened = await open(t);
    const primary = await tier.primary();
    await comeBack(primary, { empty: false });
    await opened.here.until('kittiwake_broker_up', 1);
    assert.equal(await tier.primary(), primary, 'Sentinel promoted nobody');
    assert.deepEqual(await goesOn(opened), { outcome: 'recovered', offset: 4 });
    for (const peer of opened.members) {
      assert.deepEqual(peer.offsets(opened.channel), [1, 2, 3, 4]);
      assert.equal(peer.received.filter(message => message.type === 'truncated').length, 0);
    }
  });
});

/** Kills it and starts it again at once, without what it knew where it is to be empty. */
async function comeBack(server: RedisServer, { empty }: { readonly empty: boolean }): Promise<void> {
  const directory = (await server.command('CONFIG', 'GET', 'dir')).split('\n')[1] ?? '';
  await server.kill();
  if (empty) await rm(join(directory, 'appendonlydir'), { recursive: true });
  await server.restart();
}
