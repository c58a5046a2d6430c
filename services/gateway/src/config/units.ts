import { assert, type Bytes, type Millis } from '@kittiwake/base';

/** Durations and sizes as people write them in the configuration. */

/** What a duration looks like: `250ms`, `20s`, `5m`, `1h`, `7d`. */
export const DURATION_PATTERN = '^[0-9]{1,9}(ms|s|m|h|d)$';

/** What a size looks like: `512B`, `64KiB`, `1MiB`. */
export const SIZE_PATTERN = '^[0-9]{1,9}(B|KiB|MiB)$';

const MILLIS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const BYTES = { B: 1, KiB: 1_024, MiB: 1_048_576 } as const;

/** Milliseconds of a duration; `undefined` where `text` is none. */
export function parseDuration(text: string): Millis | undefined {
  return parseAmount(text, MILLIS);
}

/** Bytes of a size; `undefined` where `text` is none. */
export function parseSize(text: string): Bytes | undefined {
  return parseAmount(text, BYTES);
}

function parseAmount(text: string, units: { readonly [unit: string]: number }): number | undefined {
  const match = /^([0-9]{1,9})([A-Za-z]{1,3})$/.exec(text);
  const unit = match?.[2] ?? '';
  return match !== null && Object.hasOwn(units, unit) ? Number(match[1]) * (units[unit] ?? 0) : undefined;
}

/** Milliseconds of a duration that the schema has checked. */
export function millis(text: string): Millis {
  const parsed = parseDuration(text);
  assert(parsed !== undefined, 'a duration was checked by the schema');
  return parsed;
}

/** Bytes of a size that the schema has checked. */
export function bytes(text: string): Bytes {
  const parsed = parseSize(text);
  assert(parsed !== undefined, 'a size was checked by the schema');
  return parsed;
}
