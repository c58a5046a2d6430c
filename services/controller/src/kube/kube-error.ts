import { parseJson, textAt } from '../decode/json-view.ts';

/** Why a call to the API server failed. `kind` is stable; `unavailable` and `timeout` are worth another try. */
export type KubeError = {
  readonly kind:
    | 'not_found'
    | 'already_exists'
    | 'conflict'
    | 'gone'
    | 'forbidden'
    | 'rejected'
    | 'unavailable'
    | 'timeout';
  /** HTTP status; 0 where there was no answer. */
  readonly code: number;
  readonly message: string;
};

const MESSAGE_LENGTH_MAX = 300;

/** Maps an HTTP status and a Kubernetes `Status` body to an error (API conventions, "Response Status Kind"). */
export function toKubeError(code: number, body: string): KubeError {
  const status = parseJson(body);
  const message = (textAt(status, 'message') ?? `HTTP ${code}`).slice(0, MESSAGE_LENGTH_MAX);
  return { kind: kindOf(code, textAt(status, 'reason')), code, message };
}

function kindOf(code: number, reason: string | undefined): KubeError['kind'] {
  if (code === 404) return 'not_found';
  if (code === 409) return reason === 'AlreadyExists' ? 'already_exists' : 'conflict';
  if (code === 410) return 'gone';
  if (code === 401 || code === 403) return 'forbidden';
  return code === 429 || code >= 500 ? 'unavailable' : 'rejected';
}
