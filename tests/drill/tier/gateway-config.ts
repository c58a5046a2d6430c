import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SentinelTier } from '@kittiwake/testkit';
import { GATEWAY_LOGIN } from '../../../services/gateway/test/contract/redis-access.ts';

/** Publications that a channel of a drill keeps: more than are published between two readings of the log. */
export const HISTORY_SIZE = 20_000;

/** Signs the tokens of a drill. */
export const SIGNING_KEY = 'a signing key for drills only, long enough';

/** What a gateway of a drill is started with. */
export type GatewayFiles = { readonly config: string; readonly secrets: string };

/** Writes the configuration of the gateways of `tier` into `folder`: limits that a crowd on one machine needs, the rest as it ships. */
export async function writeGatewayConfig(folder: string, tier: SentinelTier): Promise<GatewayFiles> {
  const secrets = join(folder, 'secrets');
  await mkdir(secrets, { recursive: true });
  const config = join(folder, 'gateway.yaml');
  await writeFile(config, configOf(tier));
  const values = {
    'signing-key-current': SIGNING_KEY,
    'api-key': 'an-api-key-for-drills-only',
    'redis-password': GATEWAY_LOGIN.password,
    'sentinel-password': GATEWAY_LOGIN.sentinelPassword,
  };
  for (const [name, value] of Object.entries(values)) await writeFile(join(secrets, name), value);
  return { config, secrets };
}

function configOf(tier: SentinelTier): string {
  const sentinels = tier.endpoints.map(({ host, port }) => `"${host}:${port}"`).join(', ');
  return `ports: { clients: 0, api: 0, operations: 0 }
limits:
  connections: 20000
  connectionsPerAddress: 20000
  sessionsPerUser: 20000
  sessionRate: { perSecond: 1000, burst: 2000 }
broker: { kind: sentinel, sentinels: [${sentinels}], master: ${tier.master}, username: ${GATEWAY_LOGIN.username} }
channels:
  - pattern: drill:safe:*
    history: { size: ${HISTORY_SIZE}, age: 1h }
    idempotency: 10m
    visibility: replicated
  - pattern: drill:**
    history: { size: ${HISTORY_SIZE}, age: 1h }
    idempotency: 10m
`;
}
