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
    readonly primary: () => Promise<RedisServer | undefined>;
  },
  timeoutMs = 20_000,
): Promise<void> {
  const { servers, sentinels } = tier;
  const isWhole = async (): Promise<boolean> => {
    const info = (await (await tier.primary())?.command('INFO', 'replication').catch(() => '')) ?? '';
    const online = info.match(/^slave\d+:.*state=online/gm)?.length ?? 0;
    if (online < servers.length - 1) return false;
    const views = await Promise.all(
      sentinels.map(sentinel => sentinel.command('INFO', 'sentinel').catch(() => '')),
    );
    return views.every(
      view =>
        view.includes('sentinel_tilt:0') &&
        view.includes('status=ok') &&
        view.includes(`slaves=${servers.length - 1},sentinels=${sentinels.length}`),
    );
  };
  await until(isWhole, { timeoutMs, what: 'the tier is whole' });
}
