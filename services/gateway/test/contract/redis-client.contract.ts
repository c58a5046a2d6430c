import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { until } from '@kittiwake/testkit';
import type { LaneName, RedisClient } from '../../src/broker/redis/redis-client.ts';

/** What the suite needs of a server, and of clients of it. */
export type RedisClientHarness = {
  client(lane: LaneName): RedisClient;
  nowMs(): number;
  pass(ms: number): Promise<void>;
  pause(): void;
  resume(): void;
  /** SIGKILL, and a new process a moment later. */
  restart(): Promise<void>;
  flushScripts(): Promise<void>;
  stop(): Promise<void>;
};

/** A client that is connected, and what it told. */
type Connected = {
  readonly client: RedisClient;
  readonly told: string[];
  readonly heard: string[];
  /** When it last told that it closed: whoever looks for that now and then sees it late, by the clock of a model that runs fast. */
  closedAtMs: number;
};

const NOT_WRITABLE = /isn't writeable/;

/** What lanes rely on of a client (ADR-0010), on ioredis and on its model. */
export function redisClientContract(name: string, open: () => Promise<RedisClientHarness>): void {
  suite(`Redis client contract: ${name}`, () => {
    let harness: RedisClientHarness;
    const opened: RedisClient[] = [];
    before(async () => {
      harness = await open();
    });
    after(async () => {
      for (const client of opened) client.disconnect(false);
      await harness?.stop();
    });
    const make = (lane: LaneName): Connected => {
      const [client, told, heard]: [RedisClient, string[], string[]] = [harness.client(lane), [], []];
      const made: Connected = { client, told, heard, closedAtMs: Number.NaN };
      opened.push(client);
      client.listen({
        ready: () => void told.push('ready'),
        closed: () => {
          told.push('closed');
          made.closedAtMs = harness.nowMs();
        },
        ended: () => void told.push('ended'),
        failed: () => {},
        message: (topic, text) => void heard.push(`${topic} ${text}`),
      });
      return made;
    };
    const connected = async (lane: LaneName = 'commands'): Promise<Connected> => {
      const made = make(lane);
      made.client.connect();
      await until(() => made.client.phase === 'ready' && made.told.includes('ready'));
      return made;
    };

    test('[B5] nothing is sent before there is a connection, and what is refused says so', async () => {
      const { client, told } = make('commands');
      client.connect();
      assert.equal(client.phase, 'connecting');
      await assert.rejects(client.info(), NOT_WRITABLE);
      await until(() => client.phase === 'ready');
      assert.match(await client.info(), /^role:master/m);
      assert.deepEqual(told, ['ready']);
    });

    test('[B5] answers come in the order of their commands, and WAIT holds up what is behind it', async () => {
      const { client } = await connected('replicated');
      const done: string[] = [];
      const startedMs = harness.nowMs();
      await Promise.all([
        client.publish('kw:control', 'a').then(() => done.push('publish')),
        client.wait(3, 300).then(held => done.push(`wait ${held >= 3}`)),
        client.run('kwTails', ['kw:generation', 'g']).then(() => done.push('run')),
        client.hashValues('kw:gateways').then(values => done.push(`hash ${values.length}`)),
      ]);
      assert.deepEqual(done, ['publish', 'wait false', 'run', 'hash 0']);
      assert.ok(harness.nowMs() - startedMs >= 295);
    });

    test('[B5] a script that the server has forgotten is sent again, whole', async () => {
      const { client } = await connected();
      const before = await client.run('kwTails', ['kw:generation', 'g']);
      await harness.flushScripts();
      assert.deepEqual(await client.run('kwTails', ['kw:generation', 'other']), before);
    });

    test('[B4] what is announced after SUBSCRIBE was answered is heard, in order, until it is left', async () => {
      const [{ client, heard }, { client: other }] = [await connected('subscriber'), await connected()];
      await client.subscribe(['kw:control', 'kw:{a}']);
      for (const n of [1, 2, 3]) assert.equal(await other.publish('kw:{a}', `${n}`), 1);
      await client.unsubscribe(['kw:{a}']);
      assert.equal(await other.publish('kw:{a}', 'unheard'), 0);
      await other.publish('kw:control', 'end');
      await until(() => heard.at(-1) === 'kw:control end');
      assert.deepEqual(heard, ['kw:{a} 1', 'kw:{a} 2', 'kw:{a} 3', 'kw:control end']);
    });

    test('[B5] a server that hangs: 2 s for a command, 3 s of silence for a connection that wants an answer', async () => {
      const [made, subscriber] = [await connected(), await connected('subscriber')];
      const { client, told } = made;
      const former = client.connection;
      const startedMs = harness.nowMs();
      harness.pause();
      await assert.rejects(client.publish('kw:control', 'late'), /Command timed out/);
      const timedOutMs = harness.nowMs() - startedMs;
      await until(() => told.includes('closed'));
      const closedMs = made.closedAtMs - startedMs;
      assert.ok(timedOutMs > 1_950 && timedOutMs < 2_900, `it timed out after ${timedOutMs} ms`);
      assert.ok(closedMs > 2_950 && closedMs < 4_500, `it closed after ${closedMs} ms`);
      harness.resume();
      await until(() => client.phase === 'ready', { timeoutMs: 10_000 });
      assert.notEqual(client.connection, former);
      assert.deepEqual(subscriber.told, ['ready'], 'silence is no sign for a subscriber');
    });

    test('[P4] commands under way when the server dies are rejected, after the client said that it closed', async () => {
      const { client, told } = await connected('replicated');
      const waiting = client.wait(3, 1_500).catch((reason: Error) => told.push(reason.message.slice(0, 15)));
      const behind = client.publish('kw:control', 'behind').catch(() => told.push('rejected'));
      await harness.pass(100);
      await harness.restart();
      await Promise.all([waiting, behind]);
      assert.deepEqual(told.slice(0, 4), ['ready', 'closed', 'Reached the max', 'rejected']);
      await until(() => client.phase === 'ready', { timeoutMs: 10_000 });
    });

    test('[B5] a connection that is given up ends soon, even where the server hangs, and another follows', async () => {
      const { client, told } = await connected();
      harness.pause();
      const unanswered = client.info().catch((reason: Error) => reason.message.slice(0, 15));
      const startedMs = harness.nowMs();
      client.disconnect(true);
      await assert.rejects(client.info(), NOT_WRITABLE);
      assert.equal(await unanswered, 'Reached the max');
      const tookMs = harness.nowMs() - startedMs;
      assert.ok(tookMs >= 95 && tookMs < 1_500, `it took ${tookMs} ms`);
      harness.resume();
      await until(() => client.phase === 'ready', { timeoutMs: 10_000 });
      assert.deepEqual(told.slice(0, 2), ['ready', 'closed']);
      assert.equal(told.at(-1), 'ready');
    });

    test('[B5] a client that is disconnected for good ends, and connects when it is told to', async () => {
      const { client, told } = await connected();
      client.disconnect(false);
      await until(() => client.phase === 'ended');
      await until(() => told.includes('ended'));
      assert.deepEqual(told, ['ready', 'closed', 'ended']);
      client.connect();
      await until(() => client.phase === 'ready');
    });
  });
}
