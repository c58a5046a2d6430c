import { type Clock, err, ok } from '@kittiwake/base';
import { parseJson } from '../decode/json-view.ts';
import { EXCHANGE_LIMITS, type ExchangeLimits, exchange } from './gateway-http.ts';
import { toGatewayStatus } from './gateway-status.ts';
import type { Look } from './scraper.ts';

const BYTES_MAX = 64 * 1024;

/** Reads what a gateway says about itself from `http://<address>:<port>/status`. */
export function createHttpStatus(clock: Clock, port: number, limits?: ExchangeLimits): Look {
  const bounds = limits ?? { ...EXCHANGE_LIMITS, bytesMax: BYTES_MAX };
  return async address => {
    const answer = await exchange(clock, { host: address, port, path: '/status' }, bounds);
    if (!answer.ok) return answer;
    const { code, text } = answer.value;
    if (code !== 200) return err({ kind: 'status', message: `HTTP ${code}` });
    const status = toGatewayStatus(parseJson(text));
    return status === undefined ? err({ kind: 'malformed', message: 'no status of a gateway' }) : ok(status);
  };
}
