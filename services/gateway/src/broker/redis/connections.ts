import { fullJitter, type Random } from '@kittiwake/base';
import { Redis, type RedisOptions } from 'ioredis';
import type { RedisUrlOptions, SentinelOptions, TierDeps } from '../tier-options.ts';
import { finderConnector } from './primary/finder-connector.ts';
import { createIoredisProbe } from './primary/ioredis-probe.ts';
import { PrimaryFinder } from './primary/primary-finder.ts';
import type { LaneName } from './redis-client.ts';
import { REDIS_TIMING } from './redis-timing.ts';
import { SCRIPTS } from './scripts.ts';

/** Replies have the shapes of RESP2 whatever the connection speaks. */
type CommonOptions = RedisOptions & { readonly replyMapping: 'legacy' };

const RECONNECT = { baseMs: REDIS_TIMING.reconnectBaseMs, capMs: REDIS_TIMING.reconnectCapMs };

/** Makes clients that are not connected yet. */
export type MakeConnection = (lane: LaneName) => Redis;

/**
 * How a tier's connections are made. Nothing is queued while there is no connection, nothing is sent twice by itself,
 * and every wait is bounded; why each option is what it is: ADR-0010. All of them follow one finder of the primary.
 */
export function createConnections(
  options: RedisUrlOptions | SentinelOptions,
  { clock, random, log }: Pick<TierDeps, 'clock' | 'random' | 'log'>,
): MakeConnection {
  if (options.kind === 'redis')
    return lane => new Redis(urlWithPassword(options), commonOptions(lane, random));
  const { sentinels, username, password } = options;
  const probe = createIoredisProbe(options, clock);
  const finder = new PrimaryFinder({ sentinels, probe, clock, log });
  const Connector = finderConnector({ finder, clock, random });
  return lane =>
    new Redis({
      ...commonOptions(lane, random),
      Connector,
      ...(username !== undefined && { username }),
      ...(password !== undefined && { password }),
    });
}

function commonOptions(lane: LaneName, random: Random): CommonOptions {
  return {
    replyMapping: 'legacy',
    lazyConnect: true,
    connectionName: `kittiwake-${lane}`,
    disableClientInfo: true,
    scripts: { ...SCRIPTS },
    connectTimeout: REDIS_TIMING.connectMs,
    commandTimeout: REDIS_TIMING.commandMs,
    disconnectTimeout: REDIS_TIMING.disconnectMs,
    // A subscriber may be silent for long: its canary watches over it.
    ...(lane !== 'subscriber' && { socketTimeout: REDIS_TIMING.silenceMs }),
    maxLoadingRetryTime: 500,
    // A command that was in flight when the connection broke is failed at that moment, and never sent again by itself.
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    enableOfflineQueue: false,
    autoResubscribe: false,
    retryStrategy: attempt => fullJitter(RECONNECT, attempt, random),
    // A demoted primary: find the new one, and fail the command, which did nothing.
    reconnectOnError: reason => reason.message.startsWith('READONLY'),
  };
}

/** ioredis takes an empty password from an address that has only a user, whatever the options say. */
function urlWithPassword({ url, password }: RedisUrlOptions): string {
  if (password === undefined) return url;
  const address = new URL(url);
  address.password = password;
  return address.href;
}
