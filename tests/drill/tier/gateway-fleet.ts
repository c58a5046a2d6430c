import { join } from 'node:path';
import { type GatewayProcess, startGatewayProcess } from '@kittiwake/testkit';
import type { GatewayAddress } from '../clients/gateway-picker.ts';
import type { GatewayFiles } from './gateway-config.ts';

const MAIN = join(import.meta.dirname, '../../../services/gateway/src/main.ts');

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

/** Starts `size` gateways, whose output goes to `folder`. */
export async function startGateways(
  files: GatewayFiles,
  { folder, size }: { readonly folder: string; readonly size: number },
): Promise<GatewayFleet> {
  let started = 0;
  const start = (): Promise<GatewayProcess> => {
    started += 1;
    const id = `gateway-${started}`;
    return startGatewayProcess({ main: MAIN, ...files, id, logFile: join(folder, `${id}.log`) });
  };
  const gateways: (GatewayProcess | undefined)[] = await Promise.all(Array.from({ length: size }, start));
  return {
    size,
    get addresses() {
      return gateways.flatMap(gateway =>
        gateway?.child.running === true ? [{ host: '127.0.0.1', port: gateway.clients }] : [],
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
