import type { CallExpression, Expression, StringCallExpression, TableCallExpression } from 'luaparse';
import { LIBRARY_CALLS, type LibraryCall } from './library-calls.ts';
import type { Code, ScriptContext } from './script-context.ts';

export type Call = CallExpression | StringCallExpression | TableCallExpression;

type Emit = (context: ScriptContext, node: Expression) => Code;

/** The JavaScript of a call of which one value is wanted. */
export function emitCall(context: ScriptContext, node: Call, emit: Emit): Code {
  const local = node.base.type === 'Identifier' ? context.lookup(node.base.name) : undefined;
  if (local !== undefined) {
    if (local.role !== 'function') context.fail(node, 'a call of a value');
    const passed = argumentsOf(context, node).map(argument => emit(context, argument).js);
    return { js: `${local.js}(${passed.join(', ')})`, type: 'unknown' };
  }
  const { name, self } = nameOf(context, node);
  const nodes = [...self, ...argumentsOf(context, node)];
  if (name === 'redis.call' || name === 'redis.pcall')
    return emitCommand(context, { node, nodes, emit, method: name.slice('redis.'.length) });
  const call = LIBRARY_CALLS.get(name) ?? context.fail(node, name);
  return call.one(libraryArguments(context, { node, nodes, emit, call }));
}

/** The JavaScript of an array of everything that a call gives; `undefined` where it gives one value at most. */
export function emitMultiple(context: ScriptContext, node: Expression, emit: Emit): string | undefined {
  return context.isParenthesized(node) ? undefined : emitAll(context, node, emit);
}

function emitAll(context: ScriptContext, node: Expression, emit: Emit): string | undefined {
  if (!isCall(node)) return undefined;
  if (node.base.type === 'Identifier' && context.lookup(node.base.name) !== undefined) return undefined;
  const { name, self } = nameOf(context, node);
  const call = LIBRARY_CALLS.get(name);
  if (call?.all === undefined) return undefined;
  const nodes = [...self, ...argumentsOf(context, node)];
  return call.all(libraryArguments(context, { node, nodes, emit, call }));
}

type Parts = { readonly node: Call; readonly nodes: readonly Expression[]; readonly emit: Emit };

/** `redis.call('NAME', …)`: the command is looked up when the script is compiled, unless all of it is unpacked. */
function emitCommand(context: ScriptContext, parts: Parts & { readonly method: string }): Code {
  const { node, nodes, method } = parts;
  const [first, ...rest] = nodes;
  if (first !== undefined && rest.length === 0 && isUnpack(context, first))
    return { js: `redis.${method}(undefined, [${emitArguments(context, parts, nodes)}])`, type: 'unknown' };
  if (first?.type !== 'StringLiteral') return context.fail(node, 'a command whose name is computed');
  const command =
    context.command(first.value.toUpperCase()) ?? context.fail(node, `the command ${first.value}`);
  return { js: `redis.${method}(${command}, [${emitArguments(context, parts, rest)}])`, type: 'unknown' };
}

function emitArguments(context: ScriptContext, { node, emit }: Parts, passed: readonly Expression[]): string {
  const emitted = passed.map((argument, index) => {
    const last = index === passed.length - 1;
    if (isUnpack(context, argument)) {
      const table = argumentsOf(context, argument)[0];
      if (!last || table === undefined) context.fail(argument, 'unpack before the end');
      return `...argumentsOf(${emit(context, table).js})`;
    }
    if (last) refuseMultiple(context, { node, nodes: passed, emit });
    const { js, type } = emit(context, argument);
    return type === 'string' ? js : `argument(${js})`;
  });
  return emitted.join(', ');
}

function isUnpack(context: ScriptContext, node: Expression): node is Call {
  return isCall(node) && nameOf(context, node).name === 'unpack';
}

function libraryArguments(
  context: ScriptContext,
  { node, nodes, emit, call }: Parts & { readonly call: LibraryCall },
): Parameters<LibraryCall['one']>[0] {
  refuseMultiple(context, { node, nodes, emit });
  if (nodes.length < call.least || nodes.length > call.most)
    context.fail(node, `a call with ${nodes.length} arguments`);
  return {
    codes: nodes.map(argument => emit(context, argument)),
    constant: index => {
      const literal = nodes[index];
      return literal?.type === 'StringLiteral' || literal?.type === 'BooleanLiteral'
        ? literal.value
        : undefined;
    },
    fail: what => context.fail(node, what),
  };
}

/** A call at the end of arguments passes on all that it gives: write `(call())` where one value is meant. */
function refuseMultiple(context: ScriptContext, { node, nodes, emit }: Parts): void {
  const last = nodes.at(-1);
  if (last === undefined || context.isParenthesized(last, node)) return;
  if (emitAll(context, last, emit) !== undefined)
    context.fail(node, 'a call of several values at the end of arguments');
}

function isCall(node: Expression): node is Call {
  return /^(String|Table)?CallExpression$/.test(node.type);
}

function argumentsOf(context: ScriptContext, node: Call): readonly Expression[] {
  switch (node.type) {
    case 'CallExpression':
      return node.arguments;
    case 'StringCallExpression':
      return [node.argument];
    case 'TableCallExpression':
      return context.fail(node, 'a call without parentheses');
  }
}

/** `string.sub` of `string.sub(text)` and of `text:sub()`, where the text comes first. */
function nameOf(
  context: ScriptContext,
  node: Call,
): { readonly name: string; readonly self: readonly Expression[] } {
  const { base } = node;
  if (base.type === 'Identifier') return { name: base.name, self: [] };
  if (base.type !== 'MemberExpression') return context.fail(node, 'a call of a value');
  if (base.indexer === ':') return { name: `string.${base.identifier.name}`, self: [base.base] };
  if (base.base.type !== 'Identifier') return context.fail(node, 'a call of a value');
  return { name: `${base.base.name}.${base.identifier.name}`, self: [] };
}
