/** Looked for by the engine itself, which is several times as fast as a loop, wherever nearly all text is ASCII. */
const BEYOND_ASCII = /[^\0-\x7f]/;

/** How many bytes `text` takes as UTF-8; a lone surrogate counts as the three bytes of U+FFFD. Needs no encoder, so k6 has it too. */
export function utf8Length(text: string): number {
  if (!BEYOND_ASCII.test(text)) return text.length;
  let bytes = 0;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit < 0x80) bytes += 1;
    else if (unit < 0x800) bytes += 2;
    else if (isLeading(unit) && isTrailing(text.charCodeAt(index + 1))) {
      bytes += 4;
      index += 1;
    } else bytes += 3;
  }
  return bytes;
}

/** Whether `text` is longer than `bytesMax` as UTF-8. Counts only where the number of code units leaves it open. */
export function isLongerThan(text: string, bytesMax: number): boolean {
  if (text.length > bytesMax) return true;
  if (text.length * 3 <= bytesMax) return false;
  return utf8Length(text) > bytesMax;
}

function isLeading(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

function isTrailing(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}
