import type { LuaTable, LuaValue } from '../lua/lua-value.ts';
import type { Keyspace, Write } from './keyspace.ts';
import { Refused } from './refused.ts';

/** One command of Redis: what it answers, in the shapes that scripts see, and how replicas repeat it. */
export type Command = Write & {
  /** Refused on replicas, and without enough of them. */
  readonly writes: boolean;
  /** Refused when the memory is full. */
  readonly grows: boolean;
  run(data: Keyspace, args: readonly string[]): LuaValue;
};

const [MINUS, ZERO, NINE] = [0x2d, 0x30, 0x39];

/** The reply `OK`. */
export const OK: LuaTable = Object.assign([], { fields: new Map([['ok', 'OK']]) });

/** A command that changes nothing. */
export function reading(name: string, run: Command['run']): Command {
  return { name, writes: false, grows: false, run, apply: () => {} };
}

/** A command that replicas repeat as it was given. `run` records it where something changed. */
export function writing(name: string, run: Command['run'], grows = true): Command {
  return { name, writes: true, grows, run, apply: (data, args) => void run(data, args) };
}

export function wrongArguments(name: string): never {
  throw new Refused(`ERR wrong number of arguments for '${name.toLowerCase()}' command`);
}

/** A whole number among the arguments. */
export function integer(text: string | undefined): number {
  if (text === undefined || !isInteger(text))
    throw new Refused('ERR value is not an integer or out of range');
  return Number(text);
}

/** Whether a text is a whole number as Redis writes it: no sign but a minus, no zeros in front. */
export function isInteger(text: string): boolean {
  const start = text.charCodeAt(0) === MINUS ? 1 : 0;
  if (start === text.length) return false;
  if (text.charCodeAt(start) === ZERO) return text.length === 1;
  for (let index = start; index < text.length; index += 1) {
    const letter = text.charCodeAt(index);
    if (letter < ZERO || letter > NINE) return false;
  }
  return true;
}
