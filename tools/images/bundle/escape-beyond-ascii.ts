import { assert } from '@kittiwake/base';

/**
 * The same program in ASCII, which V8 keeps in one byte per character and reads without decoding. Code without comments has
 * other characters in strings, templates and regular expressions only, where an escape means the same.
 */
export function escapeBeyondAscii(code: string): string {
  assert(!/String\.raw`[^`]*[^\0-\x7f]/.test(code), 'raw templates show their escapes');
  return code.replaceAll(
    /[^\0-\x7f]/g,
    character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
