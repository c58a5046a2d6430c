import { readFileSync } from 'node:fs';
import type { TierAccess } from '@kittiwake/testkit';

const PASSWORDS = { gateway: 'gateway-pw', replication: 'replication-pw', sentinel: 'sentinel-pw' } as const;

/** The users of ACL.md, exactly as they are written there for whoever deploys, with passwords filled in. */
export function documentedAccess(): TierAccess {
  const text = readFileSync(new URL('../../src/broker/redis/ACL.md', import.meta.url), 'utf8');
  const users = text
    .split('\n')
    .filter(line => line.startsWith('user '))
    .map(line => line.replace(/<(\w+)-password>/, (_, name: keyof typeof PASSWORDS) => PASSWORDS[name]));
  return {
    users,
    replication: { user: 'replication', password: PASSWORDS.replication },
    sentinel: { user: 'sentinel', password: PASSWORDS.sentinel },
    sentinelPassword: PASSWORDS.sentinel,
  };
}

/** What a gateway logs in with. */
export const GATEWAY_LOGIN = {
  username: 'gateway',
  password: PASSWORDS.gateway,
  sentinelPassword: PASSWORDS.sentinel,
} as const;
