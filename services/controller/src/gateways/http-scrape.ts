import { type Clock, err } from '@kittiwake/base';
import { sumOf } from './exposition.ts';
import { EXCHANGE_LIMITS, type ExchangeLimits, exchange } from './gateway-http.ts';
import type { Scrape } from './scraper.ts';

/** Reads one metric of a gateway from `http://<address>:<port>/metrics`. */
export function createHttpScrape(
  clock: Clock,
  port: number,
  options: { readonly metric: string; readonly limits?: ExchangeLimits },
): Scrape {
  const { metric, limits = EXCHANGE_LIMITS } = options;
  const headers = { accept: 'text/plain;version=0.0.4' };
  return async address => {
    const answer = await exchange(clock, { host: address, port, path: '/metrics', headers }, limits);
    if (!answer.ok) return answer;
    const { code, text } = answer.value;
    if (code !== 200) return err({ kind: 'status', message: `HTTP ${code}` });
    const sum = sumOf(text, metric);
    return sum.ok ? sum : err({ kind: sum.error.kind, message: sum.error.message });
  };
}
