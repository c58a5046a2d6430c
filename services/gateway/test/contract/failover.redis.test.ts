import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { systemClock } from '@kittiwake/base';
import type { ChannelName, Position, Publication } from '@kittiwake/protocol';
import { elapse, type SentinelTier, skipWithoutRedis, startTcpProxy, until } from '@kittiwake/testkit';
import type { PublishCommand } from '../../src/broker/broker.ts';
import type { BrokerTier } from '../../src/broker/tier-options.ts';
import {
  type CountedTier,
  cutReplication,
  redisTier,
  sentinelOptions,
  startDocumentedTier,
} from './redis-harness.ts';
import {
  mustPublish,
  newChannel,
  publishing,
  type RecordingHandler,
  recordingHandler,
} from './tier-harness.ts';

type Acked = { readonly position: Position; readonly data: string; readonly atMs: number };

suite('failover of a Sentinel tier', { skip: skipWithoutRedis() }, () => {
  let tier: SentinelTier;
  let gateway: CountedTier;
  let handler: RecordingHandler;

  /** A tier of its own for each test: a fresh one is whole sooner than one that was hurt. */
  const open = async (t: TestContext): Promise<ChannelName> => {
    tier = await startDocumentedTier();
    gateway = redisTier(sentinelOptions(tier));
    handler = recordingHandler();
    t.after(async () => {
      await gateway.broker.stop();
      await tier.stop();
    });
    await gateway.broker.start(handler);
    const channel = newChannel();
    await gateway.broker.subscribe(channel);
    return channel;
  };

  test('[B3] publishing works again in 5 s after kill -9, and nothing that was acked is missing unsaid', async t => {
    const channel = await open(t);
    const load = startLoad(gateway, publishing(channel, ''));
    await until(() => load.acked.length >= 20);
    const former = await tier.primary();
    await former.kill();
    const killedAtMs = systemClock.monotonicMs();
    const first = await until(() => load.acked.find(one => one.atMs > killedAtMs + 200), {
      timeoutMs: 10_000,
      what: 'a publish is acknowledged by the new primary',
    });
    const gapMs = Math.round(first.atMs - killedAtMs);
    await elapse(300);
    await load.stop();
    t.diagnostic(`kill -9: publishing again after ${gapMs} ms, ${load.acked.length} acked`);
    assert.ok(gapMs <= 5_000, `the gap is ${gapMs} ms`);
    await assertNothingMissingUnsaid(gateway, channel, load.acked);
    assert.equal(gateway.metrics.value('kittiwake_broker_failovers_total'), 1);
    assert.ok(handler.doubts.includes(channel));
    const phases = handler.statuses.map(status => status.phase);
    assert.deepEqual([phases.includes('degraded'), phases.at(-1)], [true, 'ready']);
    await mustPublish(gateway, publishing(channel, 'heard again'));
    await until(() => handler.publications.some(one => one.data === 'heard again'));
  });

  test('[B3] entries that the new primary never had are truncated at the very first of them', async t => {
    const channel = await open(t);
    const kept = await mustPublish(gateway, publishing(channel, 'kept'));
    const former = await tier.primary();
    await cutReplication(tier);
    const lost: Position[] = [];
    for (let n = 0; n < 5; n += 1) lost.push(await mustPublish(gateway, publishing(channel, `lost ${n}`)));
    await former.kill();
    await tier.waitForFailover(former);
    await until(() => gateway.broker.status().phase === 'ready');
    const before = await readAfter(gateway, channel, lost.at(-1));
    assert.deepEqual(before.resume, { outcome: 'truncated', divergedAt: 2 });
    await until(async () => (await gateway.broker.publish(publishing(channel, 'new'))).ok);
    const page = await readAfter(gateway, channel, lost.at(-1));
    assert.deepEqual(page.resume, { outcome: 'truncated', divergedAt: 2 });
    assert.deepEqual(
      page.publications.map(one => one.data),
      ['new'],
    );
    assert.equal((await readAfter(gateway, channel, kept)).resume.outcome, 'recovered');
  });

  test('[B12] a Sentinel that does not answer delays nobody', async t => {
    await open(t);
    const [silent, ...others] = tier.endpoints;
    const proxy = await startTcpProxy(silent?.port ?? 0);
    proxy.cut();
    const behind = redisTier({
      ...sentinelOptions(tier),
      sentinels: [{ host: '127.0.0.1', port: proxy.port }, ...others],
    });
    t.after(async () => {
      await behind.broker.stop();
      await proxy.stop();
    });
    const startedMs = systemClock.monotonicMs();
    await behind.broker.start(recordingHandler());
    assert.equal(behind.broker.status().phase, 'ready');
    const tookMs = Math.round(systemClock.monotonicMs() - startedMs);
    t.diagnostic(`ready after ${tookMs} ms`);
    assert.ok(tookMs < 1_000, `it took ${tookMs} ms`);
  });

  test('[B12] connections are broken once for a failover, whatever each Sentinel announces when', async t => {
    const channel = await open(t);
    const former = await tier.primary();
    await former.kill();
    await tier.waitForFailover(former);
    await until(async () => (await gateway.broker.publish(publishing(channel, 'again'))).ok, {
      timeoutMs: 10_000,
    });
    // The Sentinel that led the failover announces it a second after the others.
    await elapse(1_500);
    const phases = handler.statuses.map(({ phase }) => phase);
    assert.equal(
      phases.filter((phase, index) => phase === 'ready' && phases[index + 1] === 'degraded').length,
      1,
    );
  });

  test('[P2] what was acked as replicated survives a primary that hangs for 4 s and comes back', async t => {
    const channel = await open(t);
    const load = startLoad(gateway, publishing(channel, '', { ack: 'replicated' }));
    await until(() => load.acked.length >= 20);
    const former = await tier.primary();
    former.pause();
    const pausedAtMs = systemClock.monotonicMs();
    await elapse(4_000);
    former.resume();
    const first = await until(() => load.acked.find(one => one.atMs > pausedAtMs + 200), {
      timeoutMs: 10_000,
    });
    await elapse(1_000);
    await load.stop();
    t.diagnostic(
      `SIGSTOP 4 s: replicated again after ${Math.round(first.atMs - pausedAtMs)} ms, ${load.acked.length} acked, ${load.failed()} not`,
    );
    await until(() => gateway.broker.status().phase === 'ready');
    const log = new Map((await readAll(gateway, channel)).map(one => [one.position.offset, one.data]));
    for (const { position, data } of load.acked) assert.equal(log.get(position.offset), data);
  });
});

/** Publishes every 10 ms until stopped, and keeps what was acknowledged. */
function startLoad(
  tier: BrokerTier,
  command: PublishCommand,
): { readonly acked: Acked[]; failed(): number; stop(): Promise<void> } {
  const acked: Acked[] = [];
  let failed = 0;
  let running = true;
  const publish = async (serial: number): Promise<void> => {
    const data = `n${serial}`;
    const result = await tier.broker.publish({ ...command, entry: { ...command.entry, data } });
    const position = result.ok ? result.value.position : undefined;
    if (position !== undefined) acked.push({ position, data, atMs: systemClock.monotonicMs() });
    else failed += 1;
  };
  const loop = async (): Promise<void> => {
    const under: Promise<void>[] = [];
    for (let serial = 0; running; serial += 1) {
      under.push(publish(serial));
      await elapse(10);
    }
    await Promise.all(under);
  };
  const done = loop();
  return {
    acked,
    failed: () => failed,
    async stop() {
      running = false;
      await done;
    },
  };
}

async function assertNothingMissingUnsaid(
  tier: BrokerTier,
  channel: ChannelName,
  acked: readonly Acked[],
): Promise<void> {
  const log = new Map((await readAll(tier, channel)).map(one => [one.position.offset, one]));
  const missing = acked.filter(({ position, data }) => log.get(position.offset)?.data !== data);
  const firstMissing = Math.min(...missing.map(one => one.position.offset));
  for (const { position } of missing) {
    const page = await readAfter(tier, channel, position);
    assert.deepEqual(page.resume, { outcome: 'truncated', divergedAt: firstMissing });
  }
  for (const { position } of acked.filter(one => !missing.includes(one)))
    assert.equal((await readAfter(tier, channel, position)).resume.outcome, 'recovered');
}

async function readAfter(tier: BrokerTier, channel: ChannelName, since: Position | undefined) {
  assert.ok(since !== undefined);
  const page = await tier.broker.read(channel, { since, limit: 1_000 });
  assert.ok(page.ok);
  return page.value;
}

async function readAll(tier: BrokerTier, channel: ChannelName): Promise<readonly Publication[]> {
  return (await readAfter(tier, channel, { offset: 0, epoch: 'any' })).publications;
}
