import { err, ok, type Result } from '@kittiwake/base';
import type { CliProblem } from './cli-problem.ts';
import type { TokenSource } from './token-source.ts';

const TIMEOUT_MS = 5_000;
const PATH = '/dev/token';

/** Asks a development gateway (`npm start`) at `url` for tokens. */
export function createDevSource(url: string): TokenSource {
  return {
    async issue(request) {
      const endpoint = URL.parse(PATH, url);
      if (endpoint === null || !endpoint.protocol.startsWith('http')) {
        return err({
          message: `--url ${url} is not an address.`,
          next: 'Write it like http://localhost:8000.',
        });
      }
      try {
        const response = await fetch(endpoint, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(request),
          signal: AbortSignal.timeout(TIMEOUT_MS),
        });
        return readAnswer(response.status, await response.text(), endpoint.origin);
      } catch {
        return err({
          message: `No development gateway answers at ${endpoint.origin}.`,
          next: 'Start one: npm start.',
        });
      }
    },
  };
}

function readAnswer(
  status: number,
  text: string,
  origin: string,
): Result<{ readonly token: string; readonly from: string }, CliProblem> {
  const body = parse(text);
  if (status === 200 && typeof body?.['token'] === 'string')
    return ok({ token: body['token'], from: `development gateway ${origin}` });
  if (status === 404 || status === 405) {
    const next = 'Use --from cluster for a deployed one; only npm start issues tokens.';
    return err({ message: `${origin} is not a development gateway.`, next });
  }
  const reason = body?.['message'] ?? body?.['error'];
  return err({
    message: `${origin} refused: ${typeof reason === 'string' ? reason.slice(0, 200) : `status ${status}`}.`,
    next: 'Change what you ask for.',
  });
}

function parse(text: string): { readonly [name: string]: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
