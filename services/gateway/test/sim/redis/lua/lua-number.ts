import { LuaError, type LuaValue, typeName } from './lua-value.ts';

/** Whole numbers below it are written digit by digit by `%.14g`. */
const PLAIN_MAX = 1e14;
const [ZERO, NINE] = [0x30, 0x39];

/** An operand of arithmetic: texts that are numbers count as numbers. */
export function num(value: LuaValue): number {
  if (typeof value === 'number') return value;
  const number = tonumber(value);
  if (number === undefined) throw new LuaError(`attempt to perform arithmetic on a ${typeName(value)} value`);
  return number;
}

/** The number that a text says, nil where it says none. */
export function tonumber(value: LuaValue): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return undefined;
  const number = +value;
  const first = value.charCodeAt(0);
  // Nearly all of them: JavaScript and Lua read the same.
  if (first > ZERO && first <= NINE) return Number.isNaN(number) ? undefined : number;
  // JavaScript reads the empty text as 0, and knows binary and octal numbers.
  if (number === 0 && !value.includes('0')) return undefined;
  return Number.isNaN(number) || /^\s*0[bo]/i.test(value) ? undefined : number;
}

/** `%.14g`: how Lua writes a number into a text. */
export function numberText(value: number): string {
  if (Number.isInteger(value) && value < PLAIN_MAX && value > -PLAIN_MAX)
    return value === 0 ? '0' : `${value}`;
  return general(value, 14);
}

/** `tostring`; the addresses of tables are nobody's business. */
export function tostring(value: LuaValue): string {
  if (typeof value === 'number') return numberText(value);
  return value === undefined ? 'nil' : String(value);
}

/** `%.17g`: how Redis writes a number that a script passes to a command. */
export function argumentText(value: number): string {
  return Number.isSafeInteger(value) ? `${value === 0 ? 0 : value}` : general(value, 17);
}

/** `%.0f`: rounds half to even. */
export function fixedText(value: LuaValue): string {
  const number = num(value);
  if (Number.isSafeInteger(number)) return `${number === 0 ? 0 : number}`;
  const floor = Math.floor(number);
  if (number - floor === 0.5) return `${floor % 2 === 0 ? floor : floor + 1}`;
  return number.toFixed(0);
}

/** `a % b` with the sign of `b`. */
export function modulo(a: number, b: number): number {
  return a - Math.floor(a / b) * b;
}

/** C's `%.<digits>g`. */
function general(value: number, digits: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  const [mantissa = '', exponent] = value.toExponential(digits - 1).split('e');
  const power = Number(exponent);
  if (power >= -4 && power < digits) return withoutTrailingZeros(value.toFixed(digits - 1 - power));
  const sign = power < 0 ? '-' : '+';
  return `${withoutTrailingZeros(mantissa)}e${sign}${String(Math.abs(power)).padStart(2, '0')}`;
}

function withoutTrailingZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}
