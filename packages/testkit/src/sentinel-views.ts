import type { RedisServer } from './redis-server.ts';
import { until } from './until.ts';

/** The server that `wanted` Sentinels at least name, where no other one has as many voices. */
export async function agreedBy(
  wanted: number,
  sentinels: readonly RedisServer[],
  named: (sentinel: RedisServer) => Promise<RedisServer | undefined>,
): Promise<RedisServer | undefined> {
  const answers = await Promise.all(sentinels.map(named));
  return answers.find(
    answer => answer !== undefined && answers.filter(other => other === answer).length >= wanted,
  );
}

/** Whether it says of itself that it is one. */
export async function isPrimary(server: RedisServer): Promise<boolean> {
  return (await server.command('INFO', 'replication').catch(() => '')).includes('role:master');
}

/** The primary has its replicas, and every Sentinel knows of them and of the other Sentinels, and would act. */
export async function settled(
  tier: {
    readonly servers: readonly RedisServer[];
    readonly sentinels: readonly RedisServer[];
    /** Name of the group. */
    readonly master: string;
    readonly primary: () => Promise<RedisServer | undefined>;
  },
  timeoutMs = 20_000,
): Promise<void> {
  const { servers, sentinels, master } = tier;
  const isWhole = async (): Promise<boolean> => {
    const info = (await (await tier.primary())?.command('INFO', 'replication').catch(() => '')) ?? '';
    const online = info.match(/^slave\d+:.*state=online/gm)?.length ?? 0;
    if (online < servers.length - 1) return false;
    const views = await Promise.all(
      sentinels.map(sentinel => sentinel.command('INFO', 'sentinel').catch(() => '')),
    );
    const isCalm = await Promise.all(sentinels.map(sentinel => isCalmAbout(sentinel, master)));
    if (isCalm.includes(false)) return false;
    return views.every(
      view =>
        view.includes('sentinel_tilt:0') &&
        view.includes('status=ok') &&
        view.includes(`slaves=${servers.length - 1},sentinels=${sentinels.length}`),
    );
  };
  await until(isWhole, { timeoutMs, what: 'the tier is whole' });
}

/** It is in no failover, and sees everybody up and connected: one that still ends a failover takes no part in the next. */
async function isCalmAbout(sentinel: RedisServer, master: string): Promise<boolean> {
  const flags = await Promise.all(
    ['MASTER', 'REPLICAS'].map(async what =>
      flagsIn(await sentinel.command('SENTINEL', what, master).catch(() => '')),
    ),
  );
  const all = flags.flat();
  return all.length > 1 && all.every(flag => flag === 'master' || flag === 'slave');
}

/** The values of `flags` in a reply of names and values, a line each. */
function flagsIn(reply: string): readonly string[] {
  const lines = reply.split('\n');
  return lines.filter((_, index) => lines[index - 1] === 'flags');
}
