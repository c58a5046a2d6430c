import type {
  AssignmentStatement,
  Expression,
  ForGenericStatement,
  ForNumericStatement,
  FunctionDeclaration,
  IfStatement,
  LocalStatement,
  ReturnStatement,
  Statement,
} from 'luaparse';
import { emitMultiple } from './emit-call.ts';
import { emitCondition, emitExpression, emitNumber } from './emit-expression.ts';
import type { LuaType, ScriptContext } from './script-context.ts';

/** The JavaScript of a block, without its braces. */
export function emitBlock(context: ScriptContext, body: readonly Statement[]): string {
  return body.map(statement => emitStatement(context, statement)).join('\n');
}

function emitStatement(context: ScriptContext, node: Statement): string {
  switch (node.type) {
    case 'LocalStatement':
      return emitLocal(context, node);
    case 'AssignmentStatement':
      return emitAssignment(context, node);
    case 'CallStatement':
      return `${emitExpression(context, node.expression).js};`;
    case 'IfStatement':
      return emitIf(context, node);
    case 'WhileStatement':
      return `while (${emitCondition(context, node.condition)}) ${braced(context, node.body)}`;
    case 'ForNumericStatement':
      return emitNumericFor(context, node);
    case 'ForGenericStatement':
      return emitGenericFor(context, node);
    case 'DoStatement':
      return braced(context, node.body);
    case 'ReturnStatement':
      return emitReturn(context, node);
    case 'BreakStatement':
      return 'break;';
    case 'FunctionDeclaration':
      return emitFunction(context, node);
    default:
      return context.fail(node, node.type);
  }
}

function braced(context: ScriptContext, body: readonly Statement[]): string {
  return `{\n${context.block(() => emitBlock(context, body))}\n}`;
}

function emitLocal(context: ScriptContext, node: LocalStatement): string {
  const { variables, init } = node;
  const last = init.at(-1);
  const multiple =
    last !== undefined && variables.length > init.length
      ? emitMultiple(context, last, emitExpression)
      : undefined;
  if (init.length > variables.length) context.fail(node, 'more values than variables');
  const given = multiple === undefined ? init : init.slice(0, -1);
  // Values first: a variable is not visible in the expressions of its own statement.
  const codes = given.map(value => emitExpression(context, value));
  const declared = variables.map(({ name }, index) => {
    const isOwn = given[index]?.type === 'TableConstructorExpression';
    const type: LuaType = codes[index]?.type ?? 'unknown';
    return context.declare(name, { type, role: isOwn ? 'own' : 'value' });
  });
  const plain = declared.map((name, index) => {
    const code = codes[index];
    return code === undefined ? name : `${name} = ${code.js}`;
  });
  if (multiple === undefined) return `let ${plain.join(', ')};`;
  const rest = declared.slice(given.length);
  return `let ${[...plain.slice(0, given.length), `[${rest.join(', ')}] = ${multiple}`].join(', ')};`;
}

function emitAssignment(context: ScriptContext, node: AssignmentStatement): string {
  const { variables, init } = node;
  if (variables.length !== init.length) context.fail(node, 'an assignment of unlike lengths');
  const [target, value] = [variables[0], init[0]];
  if (variables.length === 1 && target !== undefined && value !== undefined)
    return emitSet(context, target, emitExpression(context, value).js);
  const values = init.map(one => {
    const name = context.temporary();
    return { name, js: `${name} = ${emitExpression(context, one).js};` };
  });
  const sets = variables.map((one, index) => emitSet(context, one, values[index]?.name ?? ''));
  return [...values.map(one => one.js), ...sets].join('\n');
}

/** Tables of replies are Redis' own here: a script may write only to those that it made. */
function emitSet(
  context: ScriptContext,
  target: AssignmentStatement['variables'][number],
  js: string,
): string {
  if (target.type === 'Identifier') {
    const local = context.lookup(target.name) ?? context.fail(target, `the global ${target.name}`);
    if (local.role !== 'value') context.fail(target, `another value for ${target.name}`);
    return `${local.js} = ${js};`;
  }
  const table = target.base.type === 'Identifier' ? context.lookup(target.base.name) : undefined;
  if (table?.role !== 'own') return context.fail(target, 'writing to a table that is not a local of its own');
  if (target.type === 'MemberExpression')
    return `setIndex(${table.js}, ${JSON.stringify(target.identifier.name)}, ${js});`;
  const key = emitExpression(context, target.index).js;
  return key === `(${table.js}.length + 1)`
    ? `append(${table.js}, ${js});`
    : `setIndex(${table.js}, ${key}, ${js});`;
}

function emitIf(context: ScriptContext, node: IfStatement): string {
  const clauses = node.clauses.map(clause => {
    const condition = clause.type === 'ElseClause' ? '' : `if (${emitCondition(context, clause.condition)}) `;
    return condition + braced(context, clause.body);
  });
  return clauses.join(' else ');
}

function emitNumericFor(context: ScriptContext, node: ForNumericStatement): string {
  const step = node.step === null ? 1 : stepOf(context, node.step);
  const [start, end] = [emitNumber(context, node.start), emitNumber(context, node.end)];
  return context.block(() => {
    const name = context.declare(node.variable.name, { type: 'number', role: 'value' });
    const [at, last] = [`${name}_at`, `${name}_last`];
    const body = emitBlock(context, node.body);
    const sign = step > 0 ? '<=' : '>=';
    return `for (let ${at} = ${start}, ${last} = ${end}; ${at} ${sign} ${last}; ${at} += ${step}) {\nlet ${name} = ${at};\n${body}\n}`;
  });
}

function stepOf(context: ScriptContext, node: Expression): number {
  if (node.type === 'NumericLiteral' && node.value > 0) return node.value;
  const negative = node.type === 'UnaryExpression' && node.operator === '-' ? node.argument : undefined;
  return negative?.type === 'NumericLiteral' ? -negative.value : context.fail(node, 'a computed step');
}

/** `for index, value in ipairs(table)`. */
function emitGenericFor(context: ScriptContext, node: ForGenericStatement): string {
  const call = node.iterators[0];
  const isIpairs =
    call?.type === 'CallExpression' && call.base.type === 'Identifier' && call.base.name === 'ipairs';
  const walked = isIpairs ? call.arguments[0] : undefined;
  if (walked === undefined || node.iterators.length !== 1) return context.fail(node, 'a loop but of ipairs');
  const table = emitExpression(context, walked).js;
  return context.block(() => {
    const [key, value] = node.variables;
    const index = context.declare(key?.name ?? '_', { type: 'number', role: 'value' });
    const element = context.declare(value?.name ?? '_', { type: 'unknown', role: 'value' });
    const body = emitBlock(context, node.body);
    const walk = `for (let ${index}_of = list(${table}), ${index} = 1; ${index} <= ${index}_of.length; ${index} += 1)`;
    return `${walk} {\nlet ${element} = ${index}_of[${index} - 1];\nif (${element} === undefined) break;\n${body}\n}`;
  });
}

function emitReturn(context: ScriptContext, node: ReturnStatement): string {
  const [value, more] = node.arguments;
  if (
    more !== undefined ||
    (value !== undefined && emitMultiple(context, value, emitExpression) !== undefined)
  )
    context.fail(node, 'a return of several values');
  return value === undefined ? 'return undefined;' : `return ${emitExpression(context, value).js};`;
}

function emitFunction(context: ScriptContext, node: FunctionDeclaration): string {
  if (!node.isLocal || node.identifier?.type !== 'Identifier') return context.fail(node, 'a global function');
  const name = context.declare(node.identifier.name, { type: 'unknown', role: 'function' });
  let parameters: readonly string[] = [];
  const body = context.functionBody(() => {
    parameters = node.parameters.map(parameter =>
      parameter.type === 'Identifier'
        ? context.declare(parameter.name, { type: 'unknown', role: 'value' })
        : context.fail(node, 'a function of any number of arguments'),
    );
    return emitBlock(context, node.body);
  });
  return `const ${name} = (${parameters.join(', ')}) => {\n${body}\n};`;
}
