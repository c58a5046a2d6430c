import { type Clock, err, ok, type Result } from '@kittiwake/base';
import { numberAt, parseJson, textAt } from '../decode/json-view.ts';
import { EXCHANGE_LIMITS, exchange } from './gateway-http.ts';
import type { Handover, HandoverAnswer, HandoverError } from './handover.ts';

/** What telling gateways needs. `readKey` is asked each time: a key that was replaced is picked up by itself. */
export type HandoverParts = {
  readonly clock: Clock;
  readonly port: number;
  readonly readKey: () => Promise<string | undefined>;
};

const LIMITS = { ...EXCHANGE_LIMITS, bytesMax: 64 * 1024 };

/** [R23] `POST http://<address>:<port>/handover` with the operations key; sent once, whatever comes of it. */
export function createHttpHandover({ clock, port, readKey }: HandoverParts): Handover {
  return async (address, request) => {
    const key = await readKey();
    if (key === undefined)
      return err({ kind: 'no_key', message: 'there is no operations key in the secrets directory' });
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const body = JSON.stringify(request);
    const target = { host: address, port, path: '/handover', headers, body };
    const answer = await exchange(clock, target, LIMITS);
    if (answer.ok) return read(answer.value.code, answer.value.text);
    const { kind, message } = answer.error;
    return err({ kind: kind === 'too_large' ? 'status' : kind, message });
  };
}

const REFUSALS: { readonly [code: number]: HandoverError['kind'] } = {
  400: 'malformed',
  401: 'unauthenticated',
  404: 'not_found',
  409: 'busy',
};

function read(code: number, text: string): Result<HandoverAnswer, HandoverError> {
  const body = parseJson(text);
  const path = textAt(body, 'error', 'path');
  if (code !== 202) {
    const message = `HTTP ${code}${path === undefined ? '' : ` at ${path.slice(0, 100)}`}`;
    return err({ kind: REFUSALS[code] ?? 'status', message });
  }
  const sessions = numberAt(body, 'sessions');
  const doneInMs = numberAt(body, 'doneInMs');
  if (sessions === undefined || doneInMs === undefined)
    return err({ kind: 'status', message: 'an answer that says neither sessions nor doneInMs' });
  return ok({ sessions, doneInMs });
}
