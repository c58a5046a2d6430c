import { request } from 'node:http';
import { type Clock, deferred, err, ok, type Result } from '@kittiwake/base';

/** Limits of one exchange with a gateway's operations port. */
export type ExchangeLimits = { readonly timeoutMs: number; readonly bytesMax: number };

/** [R11] An answer takes at most 2 s and 4 MiB; the address of a pod that is gone is dialled in vain for much longer otherwise. */
export const EXCHANGE_LIMITS: ExchangeLimits = { timeoutMs: 2_000, bytesMax: 4 * 1024 * 1024 };

/** What is sent. Without a body it is a GET, with one a POST of JSON. */
export type Exchange = {
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
};

/** What came back, whatever its status. */
export type ExchangeAnswer = { readonly code: number; readonly text: string };

/** Why nothing came back. */
export type ExchangeError = {
  readonly kind: 'timeout' | 'unreachable' | 'too_large';
  readonly message: string;
};

/** One request and its whole answer, on a connection of its own. Never throws. */
export async function exchange(
  clock: Clock,
  { body, headers, ...target }: Exchange,
  limits: ExchangeLimits = EXCHANGE_LIMITS,
): Promise<Result<ExchangeAnswer, ExchangeError>> {
  const answer = deferred<Result<ExchangeAnswer, ExchangeError>>();
  const fail = (kind: ExchangeError['kind'], message: string): void => answer.resolve(err({ kind, message }));
  const method = body === undefined ? 'GET' : 'POST';
  const sent = request({ ...target, method, agent: false, headers: { ...headers } }, response => {
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
    response.on('end', () =>
      answer.resolve(ok({ code: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') })),
    );
  });
  sent.on('error', reason => fail('unreachable', reason.message));
  const timer = clock.after(limits.timeoutMs, () => {
    fail('timeout', `no answer in ${limits.timeoutMs} ms`);
    sent.destroy();
  });
  sent.end(body);
  const result = await answer.promise;
  timer.cancel();
  return result;
}
