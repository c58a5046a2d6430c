import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { redisConfig, redisUsers } from '../src/constructs/redis-config.ts';
import { LOCAL } from '../src/environments/local.ts';

/** What the Secret of the tier holds, by file name. */
export const PASSWORDS = {
  'gateway-password': 'g',
  'replication-password': 'r',
  'sentinel-password': 's',
} as const;

/** Writes what pods of the tier have mounted: its passwords, `redis.conf`, and `users.acl` with placeholders. */
export async function writeTierFiles(directory: string): Promise<void> {
  for (const [name, password] of Object.entries(PASSWORDS)) await writeFile(join(directory, name), password);
  await writeFile(join(directory, 'redis.conf'), redisConfig(LOCAL.redis));
  await writeFile(join(directory, 'users.acl'), redisUsers());
}
