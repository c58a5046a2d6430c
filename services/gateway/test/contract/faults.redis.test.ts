import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, beforeEach, suite, test } from 'node:test';
import { ok, systemClock } from '@kittiwake/base';
import { freePort, type RedisServer, skipWithoutRedis, startTcpProxy, until } from '@kittiwake/testkit';
import { expiriesKey, membersKey, PRESENCE_INDEX_KEY, topicOf } from '../../src/broker/redis/keys.ts';
import { IN_FLIGHT_MAX } from '../../src/broker/redis/redis-timing.ts';
import { type CountedTier, redisTier, startDocumentedRedis, urlOptions } from './redis-harness.ts';
import {
  mustPublish,
  newChannel,
  present,
  publishing,
  type RecordingHandler,
  recordingHandler,
} from './tier-harness.ts';

function scriptOf(name: string): string {
  return readFileSync(new URL(`../../src/broker/redis/lua/${name}.lua`, import.meta.url), 'utf8');
}

suite('faults of one Redis', { skip: skipWithoutRedis() }, () => {
  let server: RedisServer;
  let gateway: CountedTier;
  let handler: RecordingHandler;
  before(async () => {
    server = await startDocumentedRedis();
    gateway = redisTier(urlOptions(server));
    handler = recordingHandler();
    await gateway.broker.start(handler);
  });
  beforeEach(() => until(() => gateway.broker.status().phase === 'ready'));
  after(async () => {
    await gateway?.broker.stop();
    await server?.stop();
  });

  const refusal = async (): Promise<string> => {
    const refused = await gateway.broker.publish(publishing(newChannel(), 1));
    assert.ok(!refused.ok);
    if (refused.error.kind === 'broker_unavailable') assert.ok((refused.error.retryAfterMs ?? 0) > 0);
    return `${refused.error.kind}: ${refused.error.message}`;
  };

  test('[B4] killed subscriptions are renewed, and doubted', async () => {
    const channel = newChannel();
    await gateway.broker.subscribe(channel);
    await server.command('CLIENT', 'KILL', 'TYPE', 'pubsub');
    await until(() => handler.doubts.includes(channel), { what: 'the channel is doubted' });
    await mustPublish(gateway, publishing(channel, 'after'));
    await until(() => handler.publications.some(one => one.channel === channel));
  });

  test('[B5] a flushed script cache is not noticed, nor does it change the order', async () => {
    const channel = newChannel();
    await mustPublish(gateway, publishing(channel, 0));
    await server.command('SCRIPT', 'FLUSH');
    const positions = await Promise.all(
      [1, 2, 3, 4, 5].map(n => mustPublish(gateway, publishing(channel, n))),
    );
    assert.deepEqual(
      positions.map(position => position.offset),
      [2, 3, 4, 5, 6],
    );
  });

  test('[B3] a position of a history that was flushed is unknown, even when the offsets are reached again', async () => {
    const channel = newChannel();
    const flushed = await mustPublish(gateway, publishing(channel, 'flushed'));
    await server.command('FLUSHALL');
    for (let n = 0; n < 3; n += 1) await mustPublish(gateway, publishing(channel, n));
    const page = await gateway.broker.read(channel, { since: flushed, limit: 10 });
    assert.ok(page.ok);
    assert.equal(page.value.resume.outcome, 'unknown');
  });

  test('[P4] a primary without enough replicas refuses, and nothing is stored', async () => {
    await server.command('CONFIG', 'SET', 'min-replicas-to-write', '1');
    const answer = await refusal();
    await server.command('CONFIG', 'SET', 'min-replicas-to-write', '0');
    assert.equal(answer, 'broker_unavailable: Redis answered NOREPLICAS');
  });

  test('[P4] a full memory refuses, and nothing is stored', async () => {
    await server.command('CONFIG', 'SET', 'maxmemory', '1');
    const answer = await refusal();
    await server.command('CONFIG', 'SET', 'maxmemory', '0');
    assert.equal(answer, 'broker_unavailable: Redis answered OOM');
  });

  test('[P4] a disk that takes no snapshot refuses, and nothing is stored', async () => {
    const directory = (await server.command('CONFIG', 'GET', 'dir')).split('\n')[1] ?? '';
    // A directory of the snapshot's name: renaming onto it fails, as writing to a full disk does.
    await mkdir(join(directory, 'dump.rdb', 'full'), { recursive: true });
    await server.command('CONFIG', 'SET', 'save', '3600 1');
    await server.command('BGSAVE');
    await until(async () => (await server.command('INFO', 'persistence')).includes('bgsave_status:err'));
    const answer = await refusal();
    await server.command('CONFIG', 'SET', 'save', '');
    await rm(join(directory, 'dump.rdb'), { recursive: true });
    assert.equal(answer, 'broker_unavailable: Redis answered MISCONF');
  });

  test('[B5] a publish to a server that hangs is unknown after its deadline, and the gateway recovers', async () => {
    const startedMs = systemClock.monotonicMs();
    server.pause();
    const answers = await Promise.all([refusal(), gateway.broker.read(newChannel(), { limit: 1 })]);
    const tookMs = systemClock.monotonicMs() - startedMs;
    server.resume();
    assert.match(answers[0], /^unknown_outcome/);
    assert.ok(!answers[1].ok && answers[1].error.kind === 'broker_unavailable');
    assert.ok(tookMs < 3_500, `it took ${tookMs} ms`);
    await until(async () => (await gateway.broker.publish(publishing(newChannel(), 1))).ok);
  });

  test('[B5][X3] what waits for a paused server is bounded, and all of it ends in time', async () => {
    const channel = newChannel();
    await mustPublish(gateway, publishing(channel, 'before'));
    await server.command('CLIENT', 'PAUSE', '2500', 'WRITE');
    const startedMs = systemClock.monotonicMs();
    const publishes = Array.from({ length: IN_FLIGHT_MAX + 500 }, (_, n) =>
      gateway.broker.publish(publishing(channel, n)),
    );
    const answers = (await Promise.all(publishes)).map(one => (one.ok ? 'acked' : one.error.kind));
    const tookMs = Math.round(systemClock.monotonicMs() - startedMs);
    assert.equal(answers.filter(one => one === 'broker_unavailable').length, 500, 'no room to wait in');
    assert.ok(tookMs < 10_000, `it took ${tookMs} ms`);
    await until(async () => (await gateway.broker.publish(publishing(channel, 'after'))).ok);
    const page = await gateway.broker.read(channel, { limit: 1_000 });
    assert.ok(page.ok && page.value.publications.at(-1)?.data === 'after');
  });

  test('[B3] a server that restarts empty is another history: counted, doubted, and positions are unknown', async () => {
    const channel = newChannel();
    await gateway.broker.subscribe(channel);
    const lost = await mustPublish(gateway, publishing(channel, 'lost'));
    const failovers = gateway.metrics.value('kittiwake_broker_failovers_total');
    await server.restart();
    await until(() => gateway.broker.status().phase === 'ready');
    await until(() => gateway.metrics.value('kittiwake_broker_failovers_total') === failovers + 1);
    assert.ok(handler.doubts.includes(channel));
    const page = await gateway.broker.read(channel, { since: lost, limit: 10 });
    assert.ok(page.ok);
    assert.equal(page.value.resume.outcome, 'unknown');
  });

  test('[B3] a server that restarts with its log has every publication that the log has', async t => {
    const kept = await startDocumentedRedis({ lines: ['appendonly yes', 'appendfsync always'] });
    const behind = redisTier(urlOptions(kept));
    t.after(async () => {
      await behind.broker.stop();
      await kept.stop();
    });
    await behind.broker.start(recordingHandler());
    const channel = newChannel();
    const first = await mustPublish(behind, publishing(channel, 'first'));
    const last = await mustPublish(behind, publishing(channel, 'last'));
    await kept.restart();
    const page = await until(async () => {
      const read = await behind.broker.read(channel, { since: first, limit: 10 });
      return read.ok && read.value;
    });
    assert.equal(page.resume.outcome, 'recovered');
    assert.deepEqual(
      page.publications.map(({ position, data }) => [position, data]),
      [[last, 'last']],
    );
  });

  test('[E4] presence that a server lost is put back by its owner', async t => {
    const channel = newChannel();
    await gateway.presence.start(() => {});
    t.after(() => gateway.presence.stop());
    await gateway.presence.set(channel, present('a', 1), 0);
    await server.restart();
    await until(async () => {
      const listed = await gateway.presence.list(channel);
      return listed.ok && listed.value.length === 1;
    });
  });

  test('[E4] what comes late over a connection that was given up changes nothing', async t => {
    const channel = newChannel();
    await gateway.presence.start(() => {});
    t.after(() => gateway.presence.stop());
    await gateway.presence.set(channel, present('a', 'first'), 0);
    await gateway.presence.set(channel, present('a', 'second'), 0);
    const keys = [membersKey(channel), expiriesKey(channel), PRESENCE_INDEX_KEY];
    const value = await server.command('HGET', membersKey(channel), 'a');
    const [owner = '', , order] = value.slice(0, value.indexOf(' ')).split(':');
    const topic = topicOf(channel);
    const set = [owner, '30000', 'a', JSON.stringify(present('a', 'first')), topic, channel, '100', '0', '1'];
    await server.command('EVAL', scriptOf('presence-set'), '3', ...keys, ...set);
    await server.command(
      'EVAL',
      scriptOf('presence-remove'),
      '2',
      ...keys.slice(0, 2),
      owner,
      'a',
      topic,
      '1',
    );
    assert.deepEqual(await gateway.presence.list(channel), ok([present('a', 'second')]));
    const touch = [owner, '30000', channel, 'a', '0'];
    const touched = (change: number): Promise<string> =>
      server.command('EVAL', scriptOf('presence-touch'), '3', ...keys, ...touch, String(change));
    assert.equal(await touched(Number(order)), '');
    assert.equal(await touched(Number(order) + 1), 'a', 'a newer one was lost: it is to be set anew');
  });

  test('[B4] a subscriber that is dead and looks alive is noticed and renewed', async t => {
    const proxy = await startTcpProxy(server.port);
    const behind = redisTier(urlOptions({ ...server, port: proxy.port }));
    t.after(async () => {
      await behind.broker.stop();
      await proxy.stop();
    });
    const heard = recordingHandler();
    const channel = newChannel();
    await behind.broker.start(heard);
    await behind.broker.subscribe(channel);
    assert.equal(proxy.mute('kittiwake-subscriber'), 1);
    const position = await mustPublish(behind, publishing(channel, 'unheard'));
    await until(() => heard.doubts.includes(channel), { timeoutMs: 10_000, what: 'the canary is missed' });
    assert.equal(behind.metrics.value('kittiwake_broker_canary_lost_total'), 1);
    const page = await behind.broker.read(channel, { since: { ...position, offset: 0 }, limit: 10 });
    assert.ok(page.ok && page.value.publications.length === 1);
    await mustPublish(behind, publishing(channel, 'heard'));
    await until(() => heard.publications.some(one => one.data === 'heard'));
  });

  test('[B6] a gateway starts without its broker, refuses publishes, and goes on when the broker comes', async t => {
    const port = await freePort();
    const lonely = redisTier(urlOptions({ ...server, port }));
    await lonely.broker.start(recordingHandler());
    t.after(() => lonely.broker.stop());
    assert.equal(lonely.broker.status().phase, 'degraded');
    const refused = await lonely.broker.publish(publishing(newChannel(), 1));
    assert.ok(!refused.ok && refused.error.kind === 'broker_unavailable');
    const unheard = await lonely.broker.subscribe(newChannel());
    assert.ok(!unheard.ok && unheard.error.kind === 'broker_unavailable');
    const late = await startDocumentedRedis({ port });
    t.after(() => late.stop());
    await until(() => lonely.broker.status().phase === 'ready');
    await mustPublish(lonely, publishing(newChannel(), 1));
  });
});
