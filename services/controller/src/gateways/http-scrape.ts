import { get } from 'node:http';
import { type Clock, deferred, err, ok, type Result } from '@kittiwake/base';
import { sumOf } from './exposition.ts';
import type { Scrape, ScrapeError } from './scraper.ts';

/** Limits of one scrape. */
export type ScrapeLimits = { readonly timeoutMs: number; readonly bytesMax: number };

/** [R11] An answer takes at most 2 s and 4 MiB; the address of a pod that is gone is dialled in vain for much longer otherwise. */
export const SCRAPE_LIMITS: ScrapeLimits = { timeoutMs: 2_000, bytesMax: 4 * 1024 * 1024 };

/** Reads one metric of a gateway from `http://<address>:<port>/metrics`, on a connection of its own. */
export function createHttpScrape(
  clock: Clock,
  port: number,
  options: { readonly metric: string; readonly limits?: ScrapeLimits },
): Scrape {
  const limits = options.limits ?? SCRAPE_LIMITS;
  return async address => {
    const text = await fetchText(clock, { host: address, port, path: '/metrics' }, limits);
    if (!text.ok) return text;
    const sum = sumOf(text.value, options.metric);
    return sum.ok ? sum : err({ kind: sum.error.kind, message: sum.error.message });
  };
}

type Target = { readonly host: string; readonly port: number; readonly path: string };

async function fetchText(
  clock: Clock,
  target: Target,
  limits: ScrapeLimits,
): Promise<Result<string, ScrapeError>> {
  const answer = deferred<Result<string, ScrapeError>>();
  const fail = (kind: ScrapeError['kind'], message: string): void => answer.resolve(err({ kind, message }));
  const sent = get({ ...target, agent: false, headers: { accept: 'text/plain;version=0.0.4' } }, response => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    response.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > limits.bytesMax) {
        fail('too_large', `more than ${limits.bytesMax} bytes`);
        response.destroy();
      } else chunks.push(chunk);
    });
    response.on('error', reason => fail('unreachable', reason.message));
    response.on('end', () => {
      if (response.statusCode === 200) answer.resolve(ok(Buffer.concat(chunks).toString('utf8')));
      else fail('status', `HTTP ${response.statusCode}`);
    });
  });
  sent.on('error', reason => fail('unreachable', reason.message));
  const timer = clock.after(limits.timeoutMs, () => {
    fail('timeout', `no answer in ${limits.timeoutMs} ms`);
    sent.destroy();
  });
  const result = await answer.promise;
  timer.cancel();
  return result;
}
