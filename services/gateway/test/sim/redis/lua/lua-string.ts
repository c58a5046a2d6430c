import { numberText } from './lua-number.ts';
import { LuaError, type LuaValue, typeName } from './lua-value.ts';

/**
 * Texts are JavaScript's, positions are Lua's: bytes of UTF-8. Where all is ASCII up to the position that is asked for,
 * which is nearly always, the two are the same and nothing is converted.
 */

/** Shorter texts are looked through sooner than a call into the engine takes. */
const SHORT = 64;

/** An operand of `..`, or an argument of a string function. */
export function text(value: LuaValue): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return numberText(value);
  throw new LuaError(`attempt to concatenate a ${typeName(value)} value`);
}

/** `#text`, in bytes. */
export function byteLength(value: string): number {
  const { length } = value;
  return length <= SHORT && isAsciiUpTo(value, length) ? length : Buffer.byteLength(value);
}

/** `string.sub(value, 1, #start) == start`, which scripts ask for again and again. */
export function startsWith(value: string, start: string): boolean {
  return value.startsWith(start);
}

/** `string.sub`. */
export function sub(value: string, from: number, to: number): string {
  if (from > 0 && to >= 0 && isAsciiUpTo(value, Math.min(to, value.length)))
    return value.slice(from - 1, Math.max(to, from - 1));
  const length = byteLength(value);
  const first = from > 0 ? from : from < 0 ? Math.max(length + from + 1, 1) : 1;
  const last = to < 0 ? length + to + 1 : Math.min(to, length);
  if (first > last) return '';
  if (length === value.length) return value.slice(first - 1, last);
  return cutBytes(value, first - 1, last);
}

/** `string.find(text, what, from, true)`: the position, nil where it is not there. */
export function findPlain(value: string, what: string, from: number): number | undefined {
  if (from < 1) throw new LuaError('find from the end is not modelled');
  const index = value.indexOf(what, from - 1);
  if (index < 0) return undefined;
  return (isAsciiUpTo(value, index) ? index : byteLength(value.slice(0, index))) + 1;
}

/** `string.gsub` of a text without magic by another one: what came out, and how often it was there. */
export function replacePlain(value: string, what: string, by: string): [string, number] {
  let count = 0;
  let result = '';
  let from = 0;
  for (let at = value.indexOf(what); at >= 0; at = value.indexOf(what, from)) {
    count += 1;
    if (what !== by) result += value.slice(from, at) + by;
    from = at + what.length;
  }
  return [what === by || count === 0 ? value : result + value.slice(from), count];
}

/** `string.gsub` of a text at the end. */
export function replaceSuffix(value: string, suffix: string, by: string): [string, number] {
  return value.endsWith(suffix) ? [value.slice(0, value.length - suffix.length) + by, 1] : [value, 0];
}

/** `string.gsub` of a pattern by a text without captures. */
export function replacePattern(value: string, pattern: RegExp, by: string): [string, number] {
  let count = 0;
  const result = value.replace(pattern, () => {
    count += 1;
    return by;
  });
  return [result, count];
}

/** `string.match`: the captures, or the whole match where the pattern has none; empty where there is none. */
export function match(value: string, pattern: RegExp): LuaValue[] {
  const found = pattern.exec(value);
  if (found === null) return [];
  return found.length === 1 ? [found[0]] : found.slice(1);
}

/** `string.rep`. */
export function repeat(value: string, times: number): string {
  return times > 0 ? value.repeat(times) : '';
}

function isAsciiUpTo(value: string, end: number): boolean {
  for (let index = 0; index < end; index += 1) if (value.charCodeAt(index) > 0x7f) return false;
  return true;
}

/** A cut through the middle of a character has no text here; no script of ours makes one. */
function cutBytes(value: string, from: number, to: number): string {
  const bytes = Buffer.from(value).subarray(from, to);
  const cut = bytes.toString();
  if (!Buffer.from(cut).equals(bytes)) throw new LuaError('string.sub cut a character of UTF-8');
  return cut;
}
