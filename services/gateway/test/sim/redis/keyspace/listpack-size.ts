/** Bytes that Redis' listpacks take: they decide where one node of a stream ends, and with it what `MAXLEN ~` leaves. */

/** Header and end of an empty listpack. */
export const LISTPACK_BYTES = 7;

/** A text of so many bytes; one that is a whole number is kept as one. */
export function textBytes(text: string, length: number): number {
  if (length <= 20 && isWhole(text)) return integerBytes(Number(text));
  const head = length < 64 ? 1 : length < 4_096 ? 2 : 5;
  return withBackLength(head + length);
}

export function integerBytes(value: number): number {
  if (value >= 0 && value < 128) return 2;
  if (value >= -4_096 && value < 4_096) return 3;
  if (value >= -(2 ** 15) && value < 2 ** 15) return 4;
  if (value >= -(2 ** 23) && value < 2 ** 23) return 5;
  if (value >= -(2 ** 31) && value < 2 ** 31) return 6;
  return 10;
}

function isWhole(text: string): boolean {
  const first = text.charCodeAt(0);
  // Most bodies begin with a brace: they need no closer look.
  if (first !== 0x2d && (first < 0x30 || first > 0x39)) return false;
  return /^(0|-?[1-9][0-9]*)$/.test(text);
}

/** Every entry is followed by its length, to walk backwards. */
function withBackLength(bytes: number): number {
  if (bytes < 128) return bytes + 1;
  if (bytes < 16_383) return bytes + 2;
  return bytes + (bytes < 2_097_151 ? 3 : 4);
}
