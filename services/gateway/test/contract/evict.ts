import type { RedisServer } from '@kittiwake/testkit';
import { until } from '@kittiwake/testkit';

/** Makes the key the one that was not used for longest. */
const AGE = `
local value = redis.call('DUMP', KEYS[1])
if not value then return 0 end
redis.call('RESTORE', KEYS[1], math.max(redis.call('PTTL', KEYS[1]), 0), value, 'REPLACE', 'IDLETIME', 100000)
return 1`;

/** Lets the server evict `key` for want of memory, and nothing that was used since; nothing is evicted afterwards. */
export async function evict(server: RedisServer, key: string): Promise<void> {
  await server.command('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru', 'maxmemory-samples', '64');
  await until(
    async () => {
      if ((await server.command('EVAL', AGE, '1', key)) === '0') return true;
      const bytes = Number(await server.command('MEMORY', 'USAGE', key));
      const memory = await server.command('INFO', 'memory');
      // The buffer of the append-only file is not counted; half of the key is more than what comes and goes with a client.
      const counted = figureOf(memory, 'used_memory') - figureOf(memory, 'mem_not_counted_for_evict');
      await server.command('CONFIG', 'SET', 'maxmemory', String(counted - Math.ceil(bytes / 2)));
      await server.command('CONFIG', 'SET', 'maxmemory', '0');
      return false;
    },
    { what: `${key} is evicted` },
  );
  await server.command('CONFIG', 'SET', 'maxmemory-policy', 'noeviction');
}

function figureOf(info: string, name: string): number {
  return Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(info)?.[1] ?? 0);
}
