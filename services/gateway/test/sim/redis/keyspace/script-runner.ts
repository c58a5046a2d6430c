import { compileLua, type LuaScript } from '../lua/compile-lua.ts';
import { LuaError, type LuaTable, type LuaValue } from '../lua/lua-value.ts';
import type { Command } from './command.ts';
import { findCommand } from './commands.ts';
import { type Announce, Keyspace } from './keyspace.ts';
import { Refused } from './refused.ts';

/** A reply as a client receives it; `null` where Redis has nothing. */
export type Reply = null | number | string | readonly Reply[];

/** A script that is ready to run on any server. */
export type Script = {
  readonly name: string;
  readonly numberOfKeys: number;
  readonly run: LuaScript<Command>;
};

/** Why a server refuses: to write now, or to grow; `undefined` where it does not. */
export type Refusals = { toWrite(): string | undefined; toGrow(): string | undefined };

/** Compiles a script; an error names what is not modelled. */
export function compileScript(
  name: string,
  source: { readonly lua: string; readonly numberOfKeys: number },
): Script {
  const { lua, numberOfKeys } = source;
  return { name, numberOfKeys, run: compileLua(lua, { name, numberOfKeys, find: findCommand }) };
}

/** Runs scripts on the data of one server, one at a time, as Redis does: what fails midway stays as far as it came. */
export class ScriptRunner {
  readonly data: Keyspace;
  readonly #refusals: Refusals;
  #hasWritten = false;

  /** `announce` tells subscribers; absent: there are none. */
  constructor(refusals: Refusals, announce?: Announce) {
    this.#refusals = refusals;
    this.data = new Keyspace(announce);
  }

  /** Runs a script with its keys first. Throws `Refused`. */
  run(script: Script, args: readonly string[]): Reply {
    this.#hasWritten = false;
    try {
      return replyOf(script.run(args, this));
    } catch (reason) {
      if (reason instanceof LuaError) throw new Refused(`ERR ${reason.message} script: ${script.name}`);
      throw reason;
    }
  }

  /** One command outside a script. */
  command(command: Command, args: readonly string[]): Reply {
    this.#hasWritten = false;
    return replyOf(this.call(command, args));
  }

  /** A command of the script. A script that has written is not refused any more, lest it stop halfway. */
  call(command: Command | undefined, args: readonly string[]): LuaValue {
    if (command === undefined) return this.#callNamed(args);
    if (command.writes && !this.#hasWritten) {
      const refusal = this.#refusals.toWrite() ?? (command.grows ? this.#refusals.toGrow() : undefined);
      if (refusal !== undefined) throw new Refused(refusal);
      this.#hasWritten = true;
    }
    return command.run(this.data, args);
  }

  pcall(command: Command | undefined, args: readonly string[]): LuaValue {
    try {
      return this.call(command, args);
    } catch (reason) {
      if (!(reason instanceof Refused)) throw reason;
      return Object.assign([], { fields: new Map([['err', reason.message]]) });
    }
  }

  #callNamed([name = '', ...args]: readonly string[]): LuaValue {
    const command = findCommand(name.toUpperCase());
    if (command === undefined) throw new Refused('ERR Unknown Redis command called from script');
    return this.call(command, args);
  }
}

/** What a script gives, as Redis puts it into a reply: numbers without their fractions, tables up to the first nil. */
function replyOf(value: LuaValue): Reply {
  if (typeof value === 'string') return value;
  // There is no negative zero among integers.
  if (typeof value === 'number') return Math.trunc(value) + 0;
  if (typeof value !== 'object') return value === true ? 1 : null;
  return value.fields === undefined ? elementsOf(value) : statusOf(value, value.fields);
}

function elementsOf(table: LuaTable): Reply[] {
  const elements: Reply[] = [];
  for (const value of table) {
    if (value === undefined) break;
    elements.push(replyOf(value));
  }
  return elements;
}

function statusOf(table: LuaTable, fields: ReadonlyMap<string, LuaValue>): Reply {
  const error = fields.get('err');
  if (typeof error === 'string') throw new Refused(error);
  const status = fields.get('ok');
  return typeof status === 'string' ? status : elementsOf(table);
}
