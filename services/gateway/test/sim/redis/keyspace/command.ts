import type { LuaTable, LuaValue } from '../lua/lua-value.ts';
import type { Keyspace, Write } from './keyspace.ts';
import { ReplyError } from './reply-error.ts';

/** One command of Redis: what it answers, in the shapes that scripts see, and how replicas repeat it. */
export type Command = Write & {
  /** Refused on replicas, and without enough of them. */
  readonly writes: boolean;
  /** Refused when the memory is full. */
  readonly grows: boolean;
  run(data: Keyspace, args: readonly string[]): LuaValue;
};

/** The reply `OK`. */
export const OK: LuaTable = Object.assign([], { fields: new Map([['ok', 'OK']]) });

/** A command that changes nothing. */
export function reading(name: string, run: Command['run']): Command {
  return { name, writes: false, grows: false, run, apply: () => {} };
}

/** A command that replicas repeat as it was given. `run` records it where something changed. */
export function writing(name: string, run: Command['run'], grows = true): Command {
  return { name, writes: true, grows, run, apply: run };
}

export function wrongArguments(name: string): never {
  throw new ReplyError(`ERR wrong number of arguments for '${name.toLowerCase()}' command`);
}

/** A whole number among the arguments. */
export function integer(text: string | undefined): number {
  if (text === undefined || !/^(0|-?[1-9][0-9]*)$/.test(text))
    throw new ReplyError('ERR value is not an integer or out of range');
  return Number(text);
}
