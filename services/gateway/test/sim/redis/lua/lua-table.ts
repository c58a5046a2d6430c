import { argumentText } from './lua-number.ts';
import { byteLength } from './lua-string.ts';
import { LuaError, type LuaTable, type LuaValue, typeName } from './lua-value.ts';

/** `value[index]` where the index, counted from 0 here, was known when the script was compiled. */
export function at(value: LuaValue, index: number): LuaValue {
  if (!Array.isArray(value)) throw new LuaError(`attempt to index a ${typeName(value)} value`);
  return value[index];
}

/** `value.name`. */
export function field(value: LuaValue, name: string): LuaValue {
  if (!Array.isArray(value)) throw new LuaError(`attempt to index a ${typeName(value)} value`);
  return value.fields?.get(name);
}

/** `value[key]`. */
export function index(value: LuaValue, key: LuaValue): LuaValue {
  if (typeof key === 'number') return at(value, key - 1);
  if (typeof key === 'string') return field(value, key);
  throw new LuaError(`a key of type ${typeName(key)} is not modelled`);
}

/** `table[key] = value`; holes are not modelled. */
export function setIndex(table: LuaTable, key: LuaValue, value: LuaValue): void {
  if (typeof key === 'string') {
    table.fields ??= new Map();
    if (value === undefined) table.fields.delete(key);
    else table.fields.set(key, value);
    return;
  }
  if (typeof key !== 'number' || !Number.isInteger(key) || key < 1 || key > table.length + 1)
    throw new LuaError('a table with holes is not modelled');
  if (value !== undefined) table[key - 1] = value;
  else if (key === table.length) table.pop();
  else if (key < table.length) throw new LuaError('a table with holes is not modelled');
}

/** `table[#table + 1] = value`. */
export function append(table: LuaTable, value: LuaValue): void {
  if (value !== undefined) table.push(value);
}

/** `{ a, b, name = c }`. */
export function withFields(table: LuaTable, fields: Readonly<Record<string, LuaValue>>): LuaTable {
  for (const [name, value] of Object.entries(fields)) setIndex(table, name, value);
  return table;
}

/** `KEYS[index]` or `ARGV[index]`: those begin behind `before` arguments and are `count` at most. */
export function argumentAt(
  all: readonly string[],
  index: number,
  [before, count]: readonly [before: number, count: number],
): LuaValue {
  return index >= 1 && index <= count ? all[before + index - 1] : undefined;
}

/** `#value`. */
export function length(value: LuaValue): number {
  if (typeof value === 'string') return byteLength(value);
  if (!Array.isArray(value)) throw new LuaError(`attempt to get length of a ${typeName(value)} value`);
  return value.length;
}

/** A table to walk through, or to unpack. */
export function list(value: LuaValue): LuaTable {
  if (!Array.isArray(value)) throw new LuaError(`table expected, got ${typeName(value)}`);
  return value;
}

/** An argument of `redis.call`, as text. */
export function argument(value: LuaValue): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return argumentText(value);
  throw new LuaError('Lua redis lib command arguments must be strings or integers');
}

/** `unpack(table)` at the end of the arguments of `redis.call`. */
export function argumentsOf(value: LuaValue): readonly string[] {
  return list(value).map(argument);
}

/** `a < b`. */
export function less(a: LuaValue, b: LuaValue): boolean {
  if (typeof a === 'number' && typeof b === 'number') return a < b;
  if (typeof a === 'string' && typeof b === 'string') return a < b;
  throw new LuaError(`attempt to compare ${typeName(a)} with ${typeName(b)}`);
}

/** `a <= b`. */
export function lessOrEqual(a: LuaValue, b: LuaValue): boolean {
  if (typeof a === 'number' && typeof b === 'number') return a <= b;
  if (typeof a === 'string' && typeof b === 'string') return a <= b;
  throw new LuaError(`attempt to compare ${typeName(a)} with ${typeName(b)}`);
}

/** `table.concat`. */
export function joined(value: LuaValue, between: string): string {
  return list(value).map(argument).join(between);
}
