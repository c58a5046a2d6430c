import { LIMITS } from './limits.ts';

/** So long is the shortest text with too many keys, `"":0,` each; too many elements take longer. */
const WIDE_LENGTH_MIN = 5 * LIMITS.objectKeysMax;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/**
 * Says what is out of bounds in JSON text, before anything is parsed or allocated for it: nesting, keys of one object,
 * elements of one array (SPEC M6). One pass; whether the text is JSON at all is `JSON.parse`'s business.
 */
export function scanJson(text: string): string | undefined {
  if (text.length < WIDE_LENGTH_MIN && countUpTo(text, LIMITS.jsonDepthMax) <= LIMITS.jsonDepthMax)
    return undefined;
  const commasLeft: number[] = [];
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit === QUOTE) {
      index = endOfString(text, index);
    } else if (unit === COMMA) {
      const left = (commasLeft.pop() ?? 0) - 1;
      if (left < 0) return 'has more keys or elements than allowed';
      commasLeft.push(left);
    } else if (unit === OPEN_ARRAY || unit === OPEN_OBJECT) {
      if (commasLeft.length === LIMITS.jsonDepthMax) return `is nested deeper than ${LIMITS.jsonDepthMax}`;
      commasLeft.push((unit === OPEN_ARRAY ? LIMITS.arrayLengthMax : LIMITS.objectKeysMax) - 1);
    } else if (unit === CLOSE_ARRAY || unit === CLOSE_OBJECT) {
      commasLeft.pop();
    }
  }
  return undefined;
}

/** Objects and arrays that begin in `text`, those within strings included; stops counting beyond `max`. */
function countUpTo(text: string, max: number): number {
  let count = 0;
  for (const open of ['{', '[']) {
    for (let at = text.indexOf(open); at !== -1 && count <= max; at = text.indexOf(open, at + 1)) count += 1;
  }
  return count;
}

/** Index of the quote that ends the string which begins at `start`, or the text's length where none does. */
function endOfString(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at !== -1; at = text.indexOf('"', at + 1)) {
    let backslashes = 0;
    while (text.charCodeAt(at - 1 - backslashes) === BACKSLASH) backslashes += 1;
    if (backslashes % 2 === 0) return at;
  }
  return text.length;
}
