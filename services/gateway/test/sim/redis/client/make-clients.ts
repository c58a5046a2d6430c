import type { SimHost, SimNetwork } from '@kittiwake/testkit';
import { PrimaryFinder } from '../../../../src/broker/redis/primary/primary-finder.ts';
import type { MakeRedisClient } from '../../../../src/broker/redis/redis-client.ts';
import type { TierDeps } from '../../../../src/broker/tier-options.ts';
import type { SimSentinel } from '../server/sim-sentinel.ts';
import type { Stir } from '../server/stir.ts';
import { QuietClock } from './quiet-clock.ts';
import { addressOf, SimProbe } from './sim-probe.ts';
import { SimRedisClient } from './sim-redis-client.ts';
import type { TierAccess } from './tier-access.ts';
import { Watch } from './watch.ts';

/** What the clients of one gateway process are made of. */
export type ClientsParts = Pick<TierDeps, 'random' | 'log' | 'clock'> & {
  readonly host: SimHost;
  readonly network: SimNetwork;
  readonly tier: TierAccess;
  readonly sentinels: readonly SimSentinel[];
  /** Names of all servers. */
  readonly nodes: readonly string[];
  readonly stir: Stir;
};

/** The clients of one gateway process, which follow one finder of the primary, as those of `createConnections` do. */
export function makeClients(parts: ClientsParts): MakeRedisClient {
  const { host, random, log, clock, tier, sentinels, stir } = parts;
  const watch = new Watch(clock);
  const quiet = new QuietClock({ clock, random, stir });
  const finder = new PrimaryFinder({
    sentinels: sentinels.map(sentinel => addressOf(sentinel.host.name)),
    probe: new SimProbe({ ...parts, onSurvey: () => quiet.surveyed() }),
    clock: quiet,
    log,
  });
  return lane => new SimRedisClient({ lane, host, random, tier, watch, finder, quiet });
}
