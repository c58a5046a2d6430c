import { PROBE_KEY, PROBE_TOPIC } from './keys.ts';
import type { LaneName, RedisClient } from './redis-client.ts';

/** How Redis and Valkey say, since 7.0, that a user may not do something, or that there is no such command. */
const DENIED =
  /NOPERM|ACL failure|no permissions|user executing the script can't|unknown (?:redis )?command|WRONGPASS|NOAUTH/i;
const COMMAND = /'([a-z|]+)'/i;

/**
 * What a refusal says is missing: a command, `~kw:*` (the keys), `&kw:*` (the topics) or `login`; `undefined` where it
 * says something else. `tried` is what was tried, where the words do not name it.
 */
export function missingRight(message: string, tried: string): string | undefined {
  if (!DENIED.test(message)) return undefined;
  if (/WRONGPASS|NOAUTH/.test(message)) return 'login';
  if (/\bkeys?\b/i.test(message)) return '~kw:*';
  if (/\bchannels?\b/i.test(message)) return '&kw:*';
  return COMMAND.exec(message)?.[1]?.toLowerCase() ?? tried;
}

/** What a lane needs and is not permitted, by trying it; rejects where there is no answer. */
export async function missingRights(lane: LaneName, client: RedisClient): Promise<readonly string[]> {
  switch (lane) {
    case 'subscriber':
      return missingFrom('subscribe', async () => {
        await client.subscribe([PROBE_TOPIC]);
        await client.unsubscribe([PROBE_TOPIC]);
        return [];
      });
    case 'commands':
      return scripts(client);
    case 'replicated': {
      const waiting = await missingFrom('wait', async () => {
        await client.wait(0, 0);
        return [];
      });
      return [...(await scripts(client)), ...waiting];
    }
  }
}

function scripts(client: RedisClient): Promise<readonly string[]> {
  return missingFrom('evalsha', async () => {
    // A connection sends a script's text the first time and its hash the next: both must be permitted.
    await client.run('kwRights', [PROBE_KEY, PROBE_TOPIC]);
    const refused = await client.run('kwRights', [PROBE_KEY, PROBE_TOPIC]);
    if (!Array.isArray(refused)) return [];
    const missing = new Set<string>();
    for (let index = 0; index + 1 < refused.length; index += 2) {
      const command = String(refused[index]);
      // The words of a script's refusal name the script, so the command is told by the script itself.
      const right = missingRight(String(refused[index + 1]), command);
      if (right !== undefined) missing.add(right);
    }
    return [...missing];
  });
}

async function missingFrom(
  command: string,
  attempt: () => Promise<readonly string[]>,
): Promise<readonly string[]> {
  try {
    return await attempt();
  } catch (reason) {
    const right = missingRight(reason instanceof Error ? reason.message : String(reason), command);
    if (right === undefined) throw reason;
    return [right];
  }
}
