import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { systemClock, systemRandom } from '@kittiwake/base';
import { createClient } from '@kittiwake/client';
import { startGatewayProcess, until } from '@kittiwake/testkit';
import { TokenIssuer } from '../../gateway/src/dev/token-issuer.ts';
import { handoverContract, type StartGateway } from './handover-contract.ts';

/** The gateway itself, as a process of its own, with clients of the SDK. */

const MAIN = join(import.meta.dirname, '../../gateway/src/main.ts');
const KEY = 'a-key-of-thirty-two-bytes-and-more';
const ISSUER = {
  clock: systemClock,
  random: systemRandom,
  issuer: 'kittiwake',
  audience: 'kittiwake',
  key: KEY,
};

const startRealGateway: StartGateway = async (context, sessions) => {
  const secrets = await secretsAndConfig(context, {
    ports: { clients: 0, api: 0, operations: 0 },
    origins: ['*'],
    broker: { kind: 'memory' },
    drain: { readinessDelay: '0s' },
    channels: [{ pattern: '**' }],
  });
  const config = join(secrets, 'config.json');
  const gateway = await startGatewayProcess({ main: MAIN, config, secrets, id: 'gateway-1' });
  context.after(() => gateway.child.kill());
  await connectClients(context, `ws://127.0.0.1:${gateway.clients}/v1/ws`, sessions);
  return { port: gateway.operations, key: KEY };
};

async function secretsAndConfig(context: TestContext, config: object): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'kittiwake-gateway-'));
  context.after(() => rm(folder, { recursive: true }));
  for (const name of ['signing-key-current', 'api-key', 'operations-key'])
    await writeFile(join(folder, name), KEY);
  await writeFile(join(folder, 'config.json'), JSON.stringify(config));
  return folder;
}

async function connectClients(context: TestContext, url: string, count: number): Promise<void> {
  const issuer = new TokenIssuer(ISSUER);
  for (let n = 0; n < count; n += 1) {
    const token = async (): Promise<string> => {
      const issued = await issuer.issue({ user: `user-${n}` });
      return issued.ok ? issued.value : assert.fail(issued.error);
    };
    const client = createClient({ url, token });
    context.after(() => client.close());
    client.connect();
    await until(() => client.status.phase === 'connected', { what: `client ${n} connects` });
  }
}

handoverContract('the real gateway', startRealGateway);
