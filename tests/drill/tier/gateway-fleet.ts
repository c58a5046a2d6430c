import { join } from 'node:path';
import { type Child, startChild } from '@kittiwake/testkit';
import type { GatewayAddress } from '../clients/gateway-picker.ts';
import type { GatewayFiles } from './gateway-config.ts';

const MAIN = join(import.meta.dirname, '../../../services/gateway/src/main.ts');
const STARTED_MS = 30_000;

/** Gateways as their image starts them, each a process. */
export type GatewayFleet = {
  /** Where those that run take clients. */
  readonly addresses: readonly GatewayAddress[];
  readonly size: number;
  /** kill -9. */
  kill(index: number): Promise<void>;
  /** Starts one again, as another pod would be: with a name and a port of its own. */
  restart(index: number): Promise<void>;
  stop(): Promise<void>;
};

type Gateway = { readonly child: Child; readonly port: number };

/** Starts `size` gateways, whose output goes to `folder`. */
export async function startGateways(
  files: GatewayFiles,
  { folder, size }: { readonly folder: string; readonly size: number },
): Promise<GatewayFleet> {
  let started = 0;
  const start = (): Promise<Gateway> => {
    started += 1;
    return startGateway(files, { id: `gateway-${started}`, folder });
  };
  const gateways: (Gateway | undefined)[] = await Promise.all(Array.from({ length: size }, start));
  return {
    size,
    get addresses() {
      return gateways.flatMap(gateway =>
        gateway?.child.running === true ? [{ host: '127.0.0.1', port: gateway.port }] : [],
      );
    },
    async kill(index) {
      await gateways[index]?.child.kill();
      gateways[index] = undefined;
    },
    async restart(index) {
      await gateways[index]?.child.kill();
      gateways[index] = await start();
    },
    async stop() {
      await Promise.all(gateways.map(gateway => gateway?.child.kill()));
    },
  };
}

async function startGateway(
  files: GatewayFiles,
  { id, folder }: { readonly id: string; readonly folder: string },
): Promise<Gateway> {
  const child = await startChild({
    command: process.execPath,
    args: [MAIN],
    env: {
      KITTIWAKE_CONFIG: files.config,
      KITTIWAKE_SECRETS_DIR: files.secrets,
      KITTIWAKE_GATEWAY_ID: id,
    },
    logFile: join(folder, `${id}.log`),
    readyLine: /gateway\.started/,
    timeoutMs: STARTED_MS,
  });
  const line =
    child
      .output()
      .split('\n')
      .find(text => text.includes('gateway.started')) ?? '{}';
  return { child, port: JSON.parse(line).clients };
}
