import { systemClock, systemRandom } from '@kittiwake/base';
import {
  elapse,
  type RedisOptions,
  type RedisServer,
  type SentinelTier,
  startRedis,
  startSentinelTier,
} from '@kittiwake/testkit';
import type { PresenceTiming } from '../../src/broker/presence-timing.ts';
import { createRedisTier } from '../../src/broker/redis/redis-tier.ts';
import type { BrokerTier, RedisUrlOptions, SentinelOptions } from '../../src/broker/tier-options.ts';
import { createRecordingMetrics, type RecordingMetrics } from '../../src/metrics/recording-metrics.ts';
import { createRecordingLogger, type RecordingLogger } from '../support/recording-logger.ts';
import { documentedAccess, GATEWAY_LOGIN } from './redis-access.ts';
import { QUICK_TIMING, type TierHarness } from './tier-harness.ts';

/** A gateway's tier, what it counted and what it said. */
export type CountedTier = BrokerTier & {
  readonly metrics: RecordingMetrics;
  readonly lines: RecordingLogger['lines'];
};

/** A tier over a real server, on the system's clock; what expires does so quickly unless it is said how. */
export function redisTier(
  options: RedisUrlOptions | SentinelOptions,
  timing: PresenceTiming = QUICK_TIMING,
): CountedTier {
  const metrics = createRecordingMetrics();
  const log = createRecordingLogger();
  const deps = { clock: systemClock, random: systemRandom, metrics, log, timing };
  return { ...createRedisTier(options, deps), metrics, lines: log.lines };
}

/** How a gateway reaches one server. */
export function urlOptions(server: RedisServer): RedisUrlOptions {
  return {
    kind: 'redis',
    url: `redis://${GATEWAY_LOGIN.username}@127.0.0.1:${server.port}`,
    password: GATEWAY_LOGIN.password,
  };
}

/** How a gateway reaches a tier. */
export function sentinelOptions(tier: SentinelTier): SentinelOptions {
  return { kind: 'sentinel', sentinels: tier.endpoints, master: tier.master, ...GATEWAY_LOGIN };
}

/** One server with the documented users, on any port where none is given. */
export function startDocumentedRedis(options: Omit<RedisOptions, 'users'> = {}): Promise<RedisServer> {
  return startRedis({ users: documentedAccess().users, ...options });
}

/**
 * A tier with the documented users. On a busy machine votes split, and Sentinels that were not scheduled for 2 s do not act
 * for a while: both are over within seconds here, instead of 20 and 30.
 */
export function startDocumentedTier(options: { readonly downAfterMs?: number } = {}): Promise<SentinelTier> {
  const patience = { failoverTimeoutMs: 5_000, tiltMs: 5_000 };
  return startSentinelTier({ access: documentedAccess(), ...patience, ...options });
}

export async function openRedis(): Promise<TierHarness> {
  const server = await startDocumentedRedis();
  return {
    gateway: () => redisTier(urlOptions(server)),
    pass: elapse,
    lose: write => loseByRestart(server, write),
    replicated: 'unknown_outcome',
    stop: () => server.stop(),
  };
}

export async function openSentinel(): Promise<TierHarness> {
  // One failover after another: on a busy machine a new primary may take a second to be heard by its Sentinels.
  const tier = await startDocumentedTier({ downAfterMs: 3_000 });
  return {
    gateway: () => redisTier(sentinelOptions(tier)),
    pass: elapse,
    lose: write => loseByFailover(tier, write),
    replicated: 'replicated',
    stop: () => tier.stop(),
  };
}

/** Comes back with what it was when `write` began. */
async function loseByRestart(server: RedisServer, write: () => Promise<unknown>): Promise<void> {
  await server.command('SAVE');
  await write();
  await server.restart();
}

/** Promotes a replica that has nothing of what `write` wrote; the former primary is a replica afterwards. */
async function loseByFailover(tier: SentinelTier, write: () => Promise<unknown>): Promise<void> {
  await tier.settled();
  const former = await tier.primary();
  await cutReplication(tier);
  await write();
  await former.kill();
  // Sentinels whose votes were split try again after twice their failover-timeout.
  const next = await tier.waitForFailover(former, 45_000);
  await former.restart();
  await former.command('REPLICAOF', '127.0.0.1', String(next.port));
  await tier.settled();
}

/** One server that replicates `primary`, which does not wait for more of them. */
export async function startDocumentedReplica(primary: RedisServer): Promise<RedisServer> {
  await primary.command('CONFIG', 'SET', 'repl-diskless-sync-delay', '0');
  const { users, replication } = documentedAccess();
  const login = [`masteruser ${replication.user}`, `masterauth ${replication.password}`];
  const lines = [`replicaof 127.0.0.1 ${primary.port}`, ...login];
  return startRedis({ users, lines });
}

/** The servers besides `primary`. */
export function replicasOf(tier: SentinelTier, primary: RedisServer): readonly RedisServer[] {
  return tier.servers.filter(server => server.port !== primary.port);
}

/**
 * Cuts both replicas off, so that nothing more reaches them; the primary goes on alone. They are refused, not stopped: a
 * Sentinel promotes nobody that it has not just heard, and tries again only after twice its `failover-timeout`.
 */
export async function cutReplication(tier: SentinelTier): Promise<void> {
  const primary = await tier.primary();
  await primary.command('CONFIG', 'SET', 'min-replicas-to-write', '0');
  await primary.command('ACL', 'SETUSER', documentedAccess().replication.user, 'off');
  await primary.command('CLIENT', 'KILL', 'TYPE', 'replica');
}
