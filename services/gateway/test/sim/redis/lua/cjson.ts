import { numberText } from './lua-number.ts';
import { LuaError, type LuaTable, type LuaValue, typeName } from './lua-value.ts';

/** `cjson.encode`: slashes are escaped, and a table without elements is an object. */
export function encode(value: LuaValue): string {
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'number') return numberText(value);
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (value === undefined) throw new LuaError('Cannot serialise nil');
  return Array.isArray(value) ? encodeTable(value) : typeName(value);
}

function encodeTable(table: LuaTable): string {
  if (table.fields !== undefined && table.fields.size > 0) {
    if (table.length > 0) throw new LuaError('a table of both kinds is not modelled');
    return `{${[...table.fields].map(([name, value]) => `${quoted(name)}:${encode(value)}`).join(',')}}`;
  }
  return table.length === 0 ? '{}' : `[${table.map(encode).join(',')}]`;
}

function quoted(value: string): string {
  return JSON.stringify(value).replaceAll('/', '\\/').replaceAll('\u007f', '\\u007f');
}
