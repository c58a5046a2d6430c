import { createServer } from 'node:net';
import { randomInt, systemRandom } from '@kittiwake/base';

const LOWEST = 20_000;
/** Below the ports that kernels give to outgoing connections. */
const HIGHEST = 31_000;
const ATTEMPTS_MAX = 20;

/** A client port for `npm start --port` such that `gateways` of them, their APIs and their operations were free a moment ago. */
export async function freePortRange(gateways: number): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    const first = LOWEST + randomInt(systemRandom, HIGHEST - LOWEST);
    const ports = [0, 100, 200].flatMap(step => Array.from({ length: gateways }, (_, n) => first + step + n));
    if ((await Promise.all(ports.map(isFree))).every(free => free)) return first;
  }
  throw new Error(`no ${gateways} free ports in ${ATTEMPTS_MAX} attempts`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, () => server.close(() => resolve(true)));
  });
}
