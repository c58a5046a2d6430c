import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type GatewayProcess, type RedisServer, startGatewayProcess, startRedis } from '@kittiwake/testkit';

/** Gateways, and the Redis that they share. */
export type GatewayProcesses = {
  readonly redis: RedisServer;
  readonly gateways: readonly GatewayProcess[];
  stop(): Promise<void>;
};

/** What a Redis of the test cluster has for data (96 MB), without the 16 MB of its replication. */
const MAXMEMORY = '80mb';
const MAIN = join(import.meta.dirname, '../../src/main.ts');

/** Starts a Redis and so many gateways, whose channels `bench:*` keep `kept` publications. */
export async function startGatewayProcesses(options: {
  readonly gateways: number;
  readonly kept: number;
  readonly key: string;
}): Promise<GatewayProcesses> {
  const folder = await mkdtemp(join(tmpdir(), 'kittiwake-catch-up-'));
  const redis = await startRedis({ lines: [`maxmemory ${MAXMEMORY}`] });
  const files = await writeFiles(folder, redis, options);
  const start = (_: unknown, index: number): Promise<GatewayProcess> =>
    startGatewayProcess({ main: MAIN, ...files, id: `gateway-${index + 1}` });
  const gateways = await Promise.all(Array.from({ length: options.gateways }, start));
  return {
    redis,
    gateways,
    async stop() {
      await Promise.all(gateways.map(({ child }) => child.kill()));
      await redis.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function writeFiles(
  folder: string,
  redis: RedisServer,
  { kept, key }: { readonly kept: number; readonly key: string },
): Promise<{ readonly config: string; readonly secrets: string }> {
  const [config, secrets] = [join(folder, 'gateway.yaml'), join(folder, 'secrets')];
  await mkdir(secrets);
  for (const name of ['signing-key-current', 'api-key']) await writeFile(join(secrets, name), key);
  await writeFile(
    config,
    `ports: { clients: 0, api: 0, operations: 0 }
limits: { sessionsPerUser: 1000 }
broker: { kind: redis, url: "${redis.url}" }
channels:
  - pattern: "bench:*"
    history: { size: ${kept}, age: 10m }
    rate: { perSecond: 5000, burst: 5000 }
    access: { join: everyone }
`,
  );
  return { config, secrets };
}
