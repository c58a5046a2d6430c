import { isForbiddenKey } from './forbidden-keys.ts';
import { LIMITS } from './limits.ts';

/** What may follow in a MessagePack value, of which only the shapes of JSON are allowed. */
type Item =
  | { readonly is: 'scalar'; readonly end: number }
  | { readonly is: 'text'; readonly start: number; readonly end: number }
  | { readonly is: 'array' | 'map'; readonly end: number; readonly length: number }
  | { readonly is: 'bad'; readonly problem: string };

const CUT_OFF: Item = { is: 'bad', problem: 'ends too early' };
const decoder = new TextDecoder('utf-8', { fatal: true });

/**
 * Walks MessagePack bytes without building anything, and says what is wrong with them: a header that promises more than
 * is there, nesting or width out of bounds, types that JSON has not (binary, extensions, NaN, integers over 2^53), keys
 * that are no text or not allowed, text that is not UTF-8, bytes after the value (SPEC M6–M8). What passes is safe to decode.
 */
export function scanMsgpack(bytes: Uint8Array): string | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const open: { left: number; readonly keyed: boolean }[] = [];
  let at = 0;
  do {
    const container = open.at(-1);
    const item = readItem(view, at);
    if (item.is === 'bad') return item.problem;
    const problem = checkText(bytes, item, container?.keyed === true && container.left % 2 === 0);
    if (problem !== undefined) return problem;
    if (container !== undefined) container.left -= 1;
    at = item.end;
    if (item.is === 'array' || item.is === 'map') {
      const tooWide = checkLength(item, open.length);
      if (tooWide !== undefined) return tooWide;
      open.push({ left: item.is === 'map' ? item.length * 2 : item.length, keyed: item.is === 'map' });
    }
    while (open.at(-1)?.left === 0) open.pop();
  } while (open.length > 0);
  return at === bytes.byteLength ? undefined : 'has bytes after its end';
}

function checkLength(
  item: { readonly is: 'array' | 'map'; readonly length: number },
  depth: number,
): string | undefined {
  if (depth === LIMITS.jsonDepthMax) return `is nested deeper than ${LIMITS.jsonDepthMax}`;
  const lengthMax = item.is === 'map' ? LIMITS.objectKeysMax : LIMITS.arrayLengthMax;
  return item.length > lengthMax ? 'has more keys or elements than allowed' : undefined;
}

function checkText(bytes: Uint8Array, item: Item, isKey: boolean): string | undefined {
  if (item.is !== 'text') return isKey ? 'has a key that is no text' : undefined;
  if (!isKey && isAscii(bytes, item.start, item.end)) return undefined;
  try {
    const text = decoder.decode(bytes.subarray(item.start, item.end));
    return isKey && isForbiddenKey(text) ? `has the key ${text}, which is not allowed` : undefined;
  } catch {
    return 'has text that is not UTF-8';
  }
}

function isAscii(bytes: Uint8Array, start: number, end: number): boolean {
  for (let index = start; index < end; index += 1) if ((bytes[index] ?? 0) >= 0x80) return false;
  return true;
}

function readItem(view: DataView, at: number): Item {
  if (at >= view.byteLength) return CUT_OFF;
  const head = view.getUint8(at);
  if (head <= 0x7f || head >= 0xe0) return scalar(view, at + 1);
  if (head <= 0x8f) return { is: 'map', length: head & 0x0f, end: at + 1 };
  if (head <= 0x9f) return { is: 'array', length: head & 0x0f, end: at + 1 };
  if (head <= 0xbf) return text(view, at + 1, head & 0x1f);
  if (head === 0xc0 || head === 0xc2 || head === 0xc3) return scalar(view, at + 1);
  if (head === 0xca || head === 0xcb) return float(view, at, head === 0xca ? 4 : 8);
  if (head >= 0xcc && head <= 0xd3) return integer(view, at, head);
  if (head >= 0xd9 && head <= 0xdf) return sized(view, at, head);
  return { is: 'bad', problem: 'has a MessagePack type that is not allowed' };
}

function scalar(view: DataView, end: number): Item {
  return end > view.byteLength ? CUT_OFF : { is: 'scalar', end };
}

function text(view: DataView, start: number, length: number): Item {
  return start + length > view.byteLength ? CUT_OFF : { is: 'text', start, end: start + length };
}

function float(view: DataView, at: number, width: 4 | 8): Item {
  const item = scalar(view, at + 1 + width);
  if (item.is === 'bad') return item;
  const value = width === 4 ? view.getFloat32(at + 1) : view.getFloat64(at + 1);
  return Number.isFinite(value) ? item : { is: 'bad', problem: 'has a number that JSON cannot write' };
}

/** 0xcc–0xcf unsigned and 0xd0–0xd3 signed integers of 1, 2, 4 and 8 bytes; the long ones only where a double holds them exactly. */
function integer(view: DataView, at: number, head: number): Item {
  const width = 1 << (head & 0x03);
  const item = scalar(view, at + 1 + width);
  if (item.is === 'bad' || width < 8) return item;
  const value = head === 0xcf ? view.getBigUint64(at + 1) : view.getBigInt64(at + 1);
  return Number.isSafeInteger(Number(value)) ? item : { is: 'bad', problem: 'has an integer over 2^53' };
}

/** 0xd9–0xdb text, 0xdc–0xdd arrays and 0xde–0xdf maps, each with its length in 1, 2 or 4 bytes. */
function sized(view: DataView, at: number, head: number): Item {
  const width = head === 0xd9 ? 1 : head === 0xda || head === 0xdc || head === 0xde ? 2 : 4;
  const end = at + 1 + width;
  if (end > view.byteLength) return CUT_OFF;
  const length =
    width === 1 ? view.getUint8(at + 1) : width === 2 ? view.getUint16(at + 1) : view.getUint32(at + 1);
  if (head <= 0xdb) return text(view, end, length);
  return { is: head <= 0xdd ? 'array' : 'map', length, end };
}
