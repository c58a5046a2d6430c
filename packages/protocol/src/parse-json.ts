import { err, ok, type Result } from '../../base/src/result.ts';
import type { CodecFailure } from './codec.ts';
import { isPlainObject } from './decode.ts';
import { isForbiddenKey } from './forbidden-keys.ts';
import type { Json } from './json.ts';
import { malformed } from './malformed.ts';
import { scanJson } from './scan-json.ts';
import { isLongerThan } from './utf8-length.ts';

/** Text without any of these has neither a forbidden key nor a lone surrogate, however it is written. */
const SUSPECT = /__proto__|constructor|prototype|\\u/;
const LONE_SURROGATE = /[\ud800-\udfff]/u;

/**
 * Parses JSON text within the bounds of the wire: at most `bytesMax` bytes, depth and width of `LIMITS`, no key of
 * `FORBIDDEN_KEYS`, no lone surrogate (SPEC M5–M8). Never throws. The HTTP API reads its bodies with it as well.
 */
export function parseJson(text: string, bytesMax: number): Result<Json, CodecFailure> {
  if (isLongerThan(text, bytesMax)) {
    return err({
      kind: 'message_too_large',
      message: `The message is larger than ${bytesMax} bytes.`,
      path: '',
    });
  }
  const outOfBounds = scanJson(text);
  if (outOfBounds !== undefined) return err(malformed('', outOfBounds));
  const parsed = parse(text);
  if (!parsed.ok || !SUSPECT.test(text)) return parsed;
  const suspicion = inspect(parsed.value, '');
  return suspicion === undefined ? parsed : err(suspicion);
}

function parse(text: string): Result<Json, CodecFailure> {
  try {
    return ok(JSON.parse(text) as Json);
  } catch {
    return err(malformed('', 'is not JSON'));
  }
}

/** Looks for what must not be there; the depth is bounded already, so recursion is too. */
function inspect(value: unknown, path: string): CodecFailure | undefined {
  if (typeof value === 'string') {
    return LONE_SURROGATE.test(value) ? malformed(path, 'has a lone surrogate') : undefined;
  }
  if (Array.isArray(value)) return firstSuspicion(value.entries(), index => `${path}[${index}]`);
  if (!isPlainObject(value)) return undefined;
  return firstSuspicion(Object.entries(value), key => (path === '' ? String(key) : `${path}.${key}`));
}

function firstSuspicion(
  entries: Iterable<readonly [string | number, unknown]>,
  pathOf: (key: string | number) => string,
): CodecFailure | undefined {
  for (const [key, value] of entries) {
    const path = pathOf(key);
    if (typeof key === 'string' && isForbiddenKey(key))
      return malformed(path, 'is a key that is not allowed');
    if (typeof key === 'string' && LONE_SURROGATE.test(key)) return malformed(path, 'has a lone surrogate');
    const found = inspect(value, path);
    if (found !== undefined) return found;
  }
  return undefined;
}
