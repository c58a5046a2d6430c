/** A value of a script: `undefined` is nil; arrays of Redis hold `false` where Redis has nothing. */
export type LuaValue = undefined | boolean | number | string | LuaTable;

/** A table: its array part is the array itself, shifted by one; named fields stand beside it. */
export interface LuaTable extends Array<LuaValue> {
  fields?: Map<string, LuaValue>;
}

/** A mistake of a script while it runs, as Redis reports it. */
export class LuaError extends Error {
  override readonly name = 'LuaError';
}

/** What the value is called in messages, and by `type`. */
export function typeName(value: LuaValue): string {
  if (value === undefined) return 'nil';
  return Array.isArray(value) ? 'table' : typeof value;
}

/** Everything but nil and false is true. */
export function truthy(value: LuaValue): boolean {
  return value !== undefined && value !== false;
}
