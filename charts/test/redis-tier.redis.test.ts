import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { elapse, skipWithoutRedis, until } from '@kittiwake/testkit';
import { LoopbackTier } from './tier-on-loopback.ts';

/** The tier's own scripts against real servers and Sentinels: what they do in pods they do here. */
describe('the Redis tier by its scripts', { skip: skipWithoutRedis(), timeout: 120_000 }, () => {
  let tier: LoopbackTier;
  beforeEach(async () => {
    tier = await LoopbackTier.create();
  });
  afterEach(() => tier.close());

  test('[G7] at the first boot redis-0 leads, and no Sentinel named it: they found it', async () => {
    await tier.startAll();
    assert.equal(await tier.settled(), 'redis-0');
  });

  test('[G11] no two of the tier rewrite their logs at the same size', async () => {
    await tier.startAll();
    await tier.settled();
    for (const setting of ['auto-aof-rewrite-min-size', 'auto-aof-rewrite-percentage']) {
      const sizes = await Promise.all(
        ['redis-0', 'redis-1', 'redis-2'].map(name => tier.setting(name, setting)),
      );
      assert.equal(new Set(sizes).size, 3, sizes.join(' '));
      assert.ok(!sizes.includes(undefined));
    }
  });

  test('[G7] a Redis waits while too few Sentinels answer', async () => {
    await tier.start('sentinel-0', 'redis-0');
    await until(() => tier.output('redis-0').includes('waiting for 2 Sentinels'), {
      what: 'it says that it waits',
    });
    await elapse(1_500);
    assert.equal(await tier.role('redis-0'), '');
    await tier.start('sentinel-1');
    await until(async () => (await tier.role('redis-0')) === 'master', { timeoutMs: 10_000 });
  });

  test('[G7] a crashed primary that comes back at once hands over and loses no acknowledged entry', async () => {
    await tier.startAll();
    const before = await tier.readyToFailOver();
    assert.equal(await tier.command(before, 'gateway', 'SET', 'kw:a', '1'), 'OK');
    assert.ok(Number(await tier.command(before, 'gateway', 'WAIT', '1', '1000')) >= 1);
    await tier.kill(before);
    await tier.start(before);
    const after = await tier.settled();
    assert.notEqual(after, before);
    assert.equal(await tier.command(after, 'gateway', 'GET', 'kw:a'), '1');
    assert.equal(await tier.role(before), 'slave');
  });

  test('[G9] the other replica is told whom to follow before Sentinel does, and writes are accepted', async () => {
    await tier.startAll();
    const before = await tier.readyToFailOver();
    await tier.kill(before);
    const after = await until(
      async () => {
        const others = ['redis-0', 'redis-1', 'redis-2'].filter(name => name !== before);
        for (const name of others)
          if ((await tier.command(name, 'gateway', 'SET', 'kw:a', '1')) === 'OK') return name;
        return undefined;
      },
      { timeoutMs: 10_000, what: 'a promoted replica that has a replica' },
    );
    const told = ['sentinel-0', 'sentinel-1', 'sentinel-2'].map(name => tier.output(name)).join('');
    assert.match(told, new RegExp(`follows ${tier.address(after)}`));
    const [early] = told.split('+promoted-slave');
    assert.ok(early?.includes('follows'), 'before Sentinel saw the promotion');
    await tier.start(before);
    assert.equal(await tier.settled(), after);
  });

  test('[G7] a primary that comes back empty does not empty its replicas', async () => {
    await tier.startAll();
    const before = await tier.readyToFailOver();
    await tier.command(before, 'gateway', 'SET', 'kw:a', '1');
    await tier.command(before, 'gateway', 'WAIT', '2', '1000');
    await tier.lose(before);
    await tier.start(before);
    const after = await tier.settled();
    assert.equal(await tier.command(after, 'gateway', 'GET', 'kw:a'), '1');
  });

  test('[G7] a primary that comes back empty is succeeded by a peer that leads without being named', async () => {
    await tier.startAll();
    const before = await tier.readyToFailOver();
    await tier.command(before, 'gateway', 'SET', 'kw:a', '1');
    await tier.command(before, 'gateway', 'WAIT', '2', '1000');
    for (const name of ['redis-0', 'redis-1', 'redis-2'].filter(one => one !== before))
      await tier.command(name, 'sentinel', 'REPLICAOF', 'NO', 'ONE');
    await tier.lose(before);
    await tier.start(before);
    const after = await tier.settled();
    assert.notEqual(after, before);
    assert.equal(await tier.command(after, 'gateway', 'GET', 'kw:a'), '1');
  });

  test('[G7] a planned stop hands over first, and the one that stops is a replica by then', async () => {
    await tier.startAll();
    const before = await tier.settled();
    assert.equal(await tier.script(before, 'redis-pre-stop.sh'), 0);
    assert.equal(await tier.role(before), 'slave');
    assert.notEqual(await tier.settled(), before);
  });

  test('[G7] preStop does not hold up a primary that nobody can take over from', async () => {
    await tier.startAll();
    const primary = await tier.settled();
    for (const name of ['sentinel-0', 'sentinel-1', 'sentinel-2']) await tier.kill(name);
    const startedAt = process.hrtime.bigint();
    assert.equal(await tier.script(primary, 'redis-pre-stop.sh'), 0);
    assert.ok(process.hrtime.bigint() - startedAt < 8_000_000_000n);
    assert.equal(await tier.role(primary), 'master');
  });

  test('[G7] Sentinels that all lost their memory find the primary again, whichever it is', async () => {
    await tier.startAll();
    await tier.settled();
    await tier.script('redis-0', 'redis-pre-stop.sh');
    const primary = await tier.settled();
    for (const name of ['sentinel-0', 'sentinel-1', 'sentinel-2']) await tier.lose(name);
    await tier.start('sentinel-0', 'sentinel-1', 'sentinel-2');
    assert.equal(await tier.settled(), primary);
  });

  test('[G7] a Sentinel that comes back empty is the same voter, not one more', async () => {
    await tier.startAll();
    await tier.settled();
    await tier.lose('sentinel-2');
    await tier.start('sentinel-2');
    await tier.settled();
    await until(
      async () =>
        (await tier.command('sentinel-2', 'sentinel', 'SENTINEL', 'CKQUORUM', 'kittiwake')).startsWith(
          'OK 3',
        ),
      {
        timeoutMs: 10_000,
        what: 'three usable Sentinels',
      },
    );
  });

  test('[G7] probes: ready with a link to the primary, live as long as it answers', async () => {
    await tier.startAll();
    await tier.settled();
    for (const [name, script] of [
      ['redis-1', 'redis-probe.sh'],
      ['sentinel-0', 'sentinel-probe.sh'],
    ] as const) {
      await until(async () => (await tier.script(name, script, 'ready')) === 0, {
        timeoutMs: 10_000,
        what: `${name} is ready`,
      });
      assert.equal(await tier.script(name, script, 'live'), 0);
    }
    await tier.kill('redis-1');
    assert.notEqual(await tier.script('redis-1', 'redis-probe.sh', 'live'), 0);
  });

  test('[G3] a gateway may ask Sentinels for the primary, and change nothing', async () => {
    await tier.startAll();
    await tier.settled();
    assert.match(await tier.command('sentinel-0', 'gateway', 'SENTINEL', 'REMOVE', 'kittiwake'), /NOPERM/);
    assert.match(await tier.command('redis-0', 'gateway', 'FLUSHALL'), /NOPERM/);
    assert.match(await tier.command('redis-0', 'gateway', 'SET', 'other', '1'), /NOPERM|No permissions/);
  });
});
