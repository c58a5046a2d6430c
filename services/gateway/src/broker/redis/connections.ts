import { fullJitter, type Random } from '@kittiwake/base';
import { Redis, type RedisOptions } from 'ioredis';
import type { RedisUrlOptions, SentinelOptions } from '../tier-options.ts';
import type { LaneName } from './redis-client.ts';
import { REDIS_TIMING } from './redis-timing.ts';
import { SCRIPTS } from './scripts.ts';

/** Replies have the shapes of RESP2 whatever the connection speaks. */
type CommonOptions = RedisOptions & { readonly replyMapping: 'legacy' };

const RECONNECT = { baseMs: REDIS_TIMING.reconnectBaseMs, capMs: REDIS_TIMING.reconnectCapMs };

/**
 * Makes a client that is not connected yet. Nothing is queued while there is no connection, nothing is sent twice by
 * itself, and every wait is bounded; why each option is what it is: ADR-0010.
 */
export function createClient(
  options: RedisUrlOptions | SentinelOptions,
  lane: LaneName,
  random: Random,
): Redis {
  const common = commonOptions(lane, random);
  if (options.kind === 'redis') return new Redis(urlWithPassword(options), common);
  return new Redis({
    ...common,
    sentinels: options.sentinels.map(({ host, port }) => ({ host, port })),
    name: options.master,
    role: 'master',
    ...(options.username !== undefined && { username: options.username }),
    ...(options.password !== undefined && { password: options.password }),
    ...(options.sentinelUsername !== undefined && { sentinelUsername: options.sentinelUsername }),
    ...(options.sentinelPassword !== undefined && { sentinelPassword: options.sentinelPassword }),
    failoverDetector: true,
    updateSentinels: false,
    sentinelCommandTimeout: REDIS_TIMING.sentinelMs,
    sentinelRetryStrategy: attempt => fullJitter(RECONNECT, attempt, random),
    sentinelReconnectStrategy: attempt => fullJitter({ baseMs: 250, capMs: 2_000 }, attempt, random),
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
