import { readFileSync } from 'node:fs';
import type { RedisValues } from '../values.ts';

/** The settings of every Redis; `redis-start.sh` adds addresses, passwords and directories. */
export function redisConfig(redis: RedisValues): string {
  return lines([
    'bind * -::*',
    // Every user has a password and "default" is off; protected mode looks at "default" alone.
    'protected-mode no',
    'tcp-keepalive 30',
    `maxmemory ${redis.dataMiB}mb`,
    // A full memory refuses publishes; it never cuts a history (B, ADR 0036).
    'maxmemory-policy noeviction',
    'appendonly yes',
    'appendfsync everysec',
    'save ""',
    `min-replicas-to-write ${redis.minReplicasToWrite}`,
    `min-replicas-max-lag ${redis.minReplicasMaxLagSeconds}`,
    'repl-diskless-sync yes',
    'repl-diskless-sync-delay 0',
    'repl-backlog-size 16mb',
    'repl-timeout 15',
    `client-output-buffer-limit pubsub ${redis.pubsubBufferMiB}mb ${Math.floor(redis.pubsubBufferMiB / 2)}mb 60`,
    'lazyfree-lazy-expire yes',
    'lazyfree-lazy-server-del yes',
  ]);
}

/** ACL users of Redis; `@name@` becomes the digest of that user's password. What the gateway needs is said by its broker's ACL.md. */
export function redisUsers(): string {
  return lines([
    // Off, so that nobody is let in as it; with every right, because Redis reads its own log as this user.
    'user default off resetpass ~* &* +@all',
    `user gateway on @gateway@ resetkeys ~kw:* resetchannels &kw:* -@all ${allow(GATEWAY_COMMANDS)}`,
    `user replication on @replication@ -@all ${allow('psync replconf ping')}`,
    `user sentinel on @sentinel@ resetchannels &__sentinel__:* -@all ${allow(SENTINEL_COMMANDS)}`,
  ]);
}

const GATEWAY_COMMANDS = [
  'hello auth ping quit info client|setname subscribe unsubscribe publish eval evalsha wait time',
  'get set del pexpire hget hmget hset hincrby hdel hlen hvals',
  'xadd xtrim xrange xrevrange zadd zrem zrange zrangebyscore',
].join(' ');

/** What Sentinel does to a Redis (redis-doc, "Sentinel: configuring ACLs"), and what the scripts do: ask, pause writes, and close links. */
const SENTINEL_COMMANDS =
  'multi exec slaveof ping info role publish subscribe config|rewrite client|setname client|kill script|kill client|list client|pause client|unpause';

/** The scripts of the tier, by file name. */
export function tierScripts(): { readonly [file: string]: string } {
  const names = [
    'redis-pre-stop.sh',
    'redis-probe.sh',
    'redis-start.sh',
    'sentinel-hasten.sh',
    'sentinel-probe.sh',
    'sentinel-relink.sh',
    'sentinel-start.sh',
    'tier.sh',
  ];
  return Object.fromEntries(
    names.map(name => [name, readFileSync(new URL(`../scripts/${name}`, import.meta.url), 'utf8')]),
  );
}

function allow(commands: string): string {
  return commands.replaceAll(/\S+/g, '+$&');
}

function lines(all: readonly string[]): string {
  return all.map(line => `${line}\n`).join('');
}
