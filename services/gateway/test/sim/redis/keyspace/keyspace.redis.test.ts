import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { randomInt, systemClock } from '@kittiwake/base';
import {
  createSeededRandom,
  elapse,
  type RedisServer,
  skipWithoutRedis,
  startRedis,
} from '@kittiwake/testkit';
import { Redis } from 'ioredis';
import { SCRIPTS, type ScriptName } from '../../../../src/broker/redis/scripts.ts';
import { LUA_SAMPLES } from '../lua/lua-samples.ts';
import { findCommand } from './commands.ts';
import { randomCommands } from './random-commands.ts';
import { randomScripts } from './random-scripts.ts';
import { Refused } from './refused.ts';
import { compileScript, type Reply, ScriptRunner } from './script-runner.ts';

/** Longer than anything that is called brief below takes to expire. */
const BRIEF_IS_OVER_MS = 25;

suite('the model of a keyspace beside a real one', { skip: skipWithoutRedis() }, () => {
  let server: RedisServer;
  let redis: Redis;
  let model: ScriptRunner;
  before(async () => {
    server = await startRedis();
    redis = new Redis(server.port, { protocol: 2, replyMapping: 'legacy', commandTimeout: 5_000 });
  });
  after(async () => {
    redis?.disconnect();
    await server?.stop();
  });

  const open = async (): Promise<void> => {
    await redis.flushall();
    model = new ScriptRunner({ toWrite: () => undefined, toGrow: () => undefined });
  };
  const modelled = (act: () => Reply): Promise<Reply> => {
    model.data.nowMs = systemClock.nowMs();
    model.data.effects = [];
    return attempt(async () => act());
  };
  const command = (name: string, args: readonly string[]): Promise<Reply> =>
    modelled(() => {
      const found = findCommand(name);
      assert.ok(found !== undefined, name);
      return model.command(found, args);
    });

  test('[Y1] every construct of Lua that scripts use gives what Redis gives', async () => {
    const [keys, argv] = [
      ['a', 'bb'],
      ['10', 'x,y,z', 'é/"1'],
    ];
    for (const lua of LUA_SAMPLES) {
      await open();
      const script = compileScript('sample', { lua, numberOfKeys: keys.length });
      const real = await attempt(() => redis.eval(lua, keys.length, ...keys, ...argv) as Promise<Reply>);
      assert.deepEqual(await modelled(() => model.run(script, [...keys, ...argv])), real, lua);
    }
  });

  test('[Y1] commands answer as Redis answers, whatever their order', async () => {
    for (let seed = 1; seed <= 6; seed += 1) {
      await open();
      for (const [n, [name, ...args]] of randomCommands(createSeededRandom(seed), 400).entries()) {
        const real = await attempt(() => redis.call(name, ...args) as Promise<Reply>);
        assert.deepEqual(await command(name, args), real, `seed ${seed}, ${n}: ${name} ${args.join(' ')}`);
      }
    }
  });

  test('[Y1] the scripts answer as in Redis, and leave the same behind', async () => {
    const scripts = new Map(
      Object.entries(SCRIPTS).map(([name, source]) => [name, compileScript(name, source)] as const),
    );
    for (let seed = 1; seed <= 4; seed += 1) {
      await open();
      const random = createSeededRandom(seed);
      for (const [n, { name, args, brief }] of randomScripts(random, 400).entries()) {
        // What expired in the one has expired in the other for sure.
        if (brief) await elapse(BRIEF_IS_OVER_MS);
        const source = SCRIPTS[name as ScriptName];
        const script = scripts.get(name);
        assert.ok(script !== undefined);
        const real = await attempt(
          () => redis.eval(source.lua, source.numberOfKeys, ...args) as Promise<Reply>,
        );
        const what = `seed ${seed}, ${n}: ${name} ${args.join(' | ')}`;
        const reply = await modelled(() => model.run(script, args));
        assert.deepEqual(inAnyOrder(name, reply), inAnyOrder(name, real), what);
        if (randomInt(random, 50) === 0) await compareKeys(what);
      }
      await compareKeys(`seed ${seed}`);
    }
  });

  /** Everything that is stored, but for moments, which are never quite the same. */
  async function compareKeys(what: string): Promise<void> {
    await elapse(BRIEF_IS_OVER_MS);
    for (const key of [...model.data.keys()]) {
      const type = await redis.type(key);
      const reading = READINGS[type] ?? ['EXISTS'];
      const [name = '', ...more] = reading;
      const real = (await redis.call(name, key, ...more)) as Reply;
      assert.deepEqual(
        withoutMoments(type, await command(name, [key, ...more])),
        withoutMoments(type, real),
        `${what}: ${key}`,
      );
      const [left, leftReal] = [await command('PTTL', [key]), await redis.pttl(key)];
      assert.ok(
        Math.abs(Number(left) - leftReal) < 200,
        `${what}: ${key} expires in ${left}, not ${leftReal} ms`,
      );
    }
  }
});

const READINGS: { readonly [type: string]: readonly string[] } = {
  string: ['GET'],
  hash: ['HGETALL'],
  zset: ['ZRANGE', '0', '-1'],
  stream: ['XRANGE', '-', '+'],
};

/** Without the times of stream entries; what has no order, or one by moments, in an order of its own. */
function withoutMoments(type: string, reply: Reply): unknown {
  if (!Array.isArray(reply)) return reply;
  if (type === 'stream') return reply.map(([id, fields]) => [id, fields.slice(2)]);
  return reply.toSorted();
}

/** Gateways are listed by the moments at which they expire, and with them, which are never quite the same. */
function inAnyOrder(script: string, reply: Reply): unknown {
  if (script !== 'kwGatewayList' || !Array.isArray(reply)) return reply;
  return reply.filter((_, index) => index % 2 === 0).toSorted();
}

/** A reply, or the first word of an error: where it happened is told in other words. */
async function attempt(act: () => Promise<Reply>): Promise<Reply> {
  try {
    return await act();
  } catch (reason) {
    assert.ok(
      reason instanceof Refused || (reason instanceof Error && reason.name === 'ReplyError'),
      String(reason),
    );
    return `error ${reason.message.split(' ')[0]}`;
  }
}
