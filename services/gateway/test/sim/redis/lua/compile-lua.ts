import { type Node, parse } from 'luaparse';
import { emitBlock } from './emit-statement.ts';
import { LUA_LIBRARY } from './lua-library.ts';
import type { LuaValue } from './lua-value.ts';
import { type FindCommand, ScriptContext } from './script-context.ts';

/**
 * What a script may ask of the server that runs it. Commands are those that `find` gave; `undefined` where the name is the
 * first of the arguments.
 */
export type ScriptHost<C> = {
  call(command: C | undefined, args: string[]): LuaValue;
  /** Gives an error as a table with `err`. */
  pcall(command: C | undefined, args: string[]): LuaValue;
};

/** A script as a function of its arguments, keys first. */
export type LuaScript<C> = (args: readonly string[], redis: ScriptHost<C>) => LuaValue;

const PARSING = { luaVersion: '5.1', encodingMode: 'pseudo-latin1' } as const;

/**
 * Compiles a script of Lua 5.1, as Redis runs them. What is not modelled is an error here, which names the line, and not
 * a difference later. The text is trusted: it is one of our own scripts.
 */
export function compileLua<C extends object>(
  source: string,
  options: { readonly name: string; readonly numberOfKeys: number; find(command: string): C | undefined },
): LuaScript<C> {
  const find: FindCommand = options.find;
  const assigned = namesAssigned(source);
  const { name, numberOfKeys } = options;
  const context = new ScriptContext({ script: name, source, numberOfKeys, find, assigned });
  const chunk = parse(source, { ...PARSING, locations: true, ranges: true });
  const body = context.functionBody(() => emitBlock(context, chunk.body));
  const library = Object.keys(LUA_LIBRARY).join(', ');
  const text = `'use strict';\nconst { ${library} } = library;\nreturn (A, redis) => {\n${body}\n};`;
  return new Function('library', 'C', text)(LUA_LIBRARY, context.commands) as LuaScript<C>;
}

/** Names that some statement assigns to, wherever they were declared. */
function namesAssigned(source: string): ReadonlySet<string> {
  const names = new Set<string>();
  const onCreateNode = (node: Node): void => {
    if (node.type !== 'AssignmentStatement') return;
    for (const target of node.variables) if (target.type === 'Identifier') names.add(target.name);
  };
  parse(source, { ...PARSING, onCreateNode });
  return names;
}
