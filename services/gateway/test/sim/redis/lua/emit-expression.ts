import type { BinaryExpression, Expression, LogicalExpression, TableConstructorExpression } from 'luaparse';
import { emitCall } from './emit-call.ts';
import type { Code, ScriptContext } from './script-context.ts';

/** The JavaScript of one value. */
export function emitExpression(context: ScriptContext, node: Expression): Code {
  switch (node.type) {
    case 'StringLiteral':
      return { js: JSON.stringify(asciiOf(context, node)), type: 'string' };
    case 'NumericLiteral':
      return { js: String(node.value), type: 'number' };
    case 'BooleanLiteral':
      return { js: String(node.value), type: 'boolean' };
    case 'NilLiteral':
      return { js: 'undefined', type: 'nil' };
    case 'Identifier':
      return context.lookup(node.name) ?? context.fail(node, `the global ${node.name}`);
    case 'TableConstructorExpression':
      return emitTable(context, node);
    case 'BinaryExpression':
      return emitBinary(context, node);
    case 'LogicalExpression':
      return emitLogical(context, node);
    case 'UnaryExpression':
      return emitUnary(context, node);
    case 'IndexExpression':
      return emitIndex(context, node);
    case 'MemberExpression':
      return emitField(context, node);
    case 'CallExpression':
    case 'StringCallExpression':
    case 'TableCallExpression':
      return emitCall(context, node, emitExpression);
    default:
      return context.fail(node, node.type);
  }
}

/** JavaScript that is true where the value is neither nil nor false. */
export function emitCondition(context: ScriptContext, node: Expression): string {
  if (node.type === 'LogicalExpression') {
    const operator = node.operator === 'and' ? '&&' : '||';
    return `(${emitCondition(context, node.left)} ${operator} ${emitCondition(context, node.right)})`;
  }
  if (node.type === 'UnaryExpression' && node.operator === 'not')
    return `!${emitCondition(context, node.argument)}`;
  return conditionOf(emitExpression(context, node));
}

/** An operand of arithmetic. */
export function emitNumber(context: ScriptContext, node: Expression): string {
  const code = emitExpression(context, node);
  return code.type === 'number' ? code.js : `num(${code.js})`;
}

function conditionOf({ js, type }: Code): string {
  if (type === 'boolean') return js;
  return type === 'unknown' ? `truthy(${js})` : `(${js}, ${type !== 'nil'})`;
}

function asciiOf(context: ScriptContext, node: Expression & { readonly value: string }): string {
  for (const letter of node.value) if (letter > '\u007f') context.fail(node, 'a text beyond ASCII');
  return node.value;
}

function emitTable(context: ScriptContext, node: TableConstructorExpression): Code {
  const elements: string[] = [];
  const fields: string[] = [];
  for (const entry of node.fields) {
    const value = emitExpression(context, entry.value).js;
    if (entry.type === 'TableValue') elements.push(value);
    else if (entry.type === 'TableKeyString') fields.push(`${JSON.stringify(entry.key.name)}: ${value}`);
    else if (entry.key.type === 'StringLiteral') fields.push(`${JSON.stringify(entry.key.value)}: ${value}`);
    else context.fail(entry, 'a computed key');
  }
  const array = `[${elements.join(', ')}]`;
  return {
    js: fields.length === 0 ? array : `withFields(${array}, { ${fields.join(', ')} })`,
    type: 'table',
  };
}

function emitBinary(context: ScriptContext, node: BinaryExpression): Code {
  const { operator, left, right } = node;
  switch (operator) {
    case '..':
      return { js: `(${emitText(context, left)} + ${emitText(context, right)})`, type: 'string' };
    case '+':
    case '-':
    case '*':
    case '/':
      return {
        js: `(${emitNumber(context, left)} ${operator} ${emitNumber(context, right)})`,
        type: 'number',
      };
    case '%':
      return { js: `modulo(${emitNumber(context, left)}, ${emitNumber(context, right)})`, type: 'number' };
    case '==':
    case '~=': {
      const beginning = emitBeginning(context, node);
      if (beginning !== undefined) return beginning;
      const sign = operator === '==' ? '===' : '!==';
      const [a, b] = [emitExpression(context, left).js, emitExpression(context, right).js];
      return { js: `(${a} ${sign} ${b})`, type: 'boolean' };
    }
    case '<':
    case '<=':
      return emitComparison(context, { low: left, high: right, operator });
    case '>':
      return emitComparison(context, { low: right, high: left, operator: '<' });
    case '>=':
      return emitComparison(context, { low: right, high: left, operator: '<=' });
    default:
      return context.fail(node, operator);
  }
}

/** `string.sub(text, 1, #start) == start`: whether a text begins with another. */
function emitBeginning(
  context: ScriptContext,
  { left, right, operator }: BinaryExpression,
): Code | undefined {
  if (left.type !== 'CallExpression' || context.textOf(left.base) !== 'string.sub') return undefined;
  const [value, first, length] = left.arguments;
  if (value === undefined || first === undefined || length?.type !== 'UnaryExpression') return undefined;
  const isBeginning = context.textOf(first) === '1' && context.textOf(length) === `#${context.textOf(right)}`;
  if (!isBeginning) return undefined;
  const [text, start] = [emitText(context, value), emitText(context, right)];
  return { js: `${operator === '==' ? '' : '!'}startsWith(${text}, ${start})`, type: 'boolean' };
}

function emitComparison(
  context: ScriptContext,
  { low, high, operator }: { low: Expression; high: Expression; operator: '<' | '<=' },
): Code {
  const [a, b] = [emitExpression(context, low), emitExpression(context, high)];
  if (a.type === 'number' && b.type === 'number')
    return { js: `(${a.js} ${operator} ${b.js})`, type: 'boolean' };
  const compare = operator === '<' ? 'less' : 'lessOrEqual';
  return { js: `${compare}(${a.js}, ${b.js})`, type: 'boolean' };
}

/** `a and b`, `a or b` as values: one of the two. */
function emitLogical(context: ScriptContext, node: LogicalExpression): Code {
  const left = emitExpression(context, node.left);
  const right = emitExpression(context, node.right);
  const type = left.type === right.type ? left.type : 'unknown';
  const plain = node.left.type === 'Identifier';
  const name = plain ? left.js : context.temporary();
  const test = conditionOf({ js: plain ? name : `(${name} = ${left.js})`, type: left.type });
  return {
    js: node.operator === 'and' ? `(${test} ? ${right.js} : ${name})` : `(${test} ? ${name} : ${right.js})`,
    type,
  };
}

function emitUnary(context: ScriptContext, node: Expression & { readonly type: 'UnaryExpression' }): Code {
  switch (node.operator) {
    case 'not':
      return { js: `!${emitCondition(context, node.argument)}`, type: 'boolean' };
    case '-':
      return { js: `(-${emitNumber(context, node.argument)})`, type: 'number' };
    case '#': {
      const keys = emitKeyCount(context, node.argument);
      if (keys !== undefined) return { js: keys, type: 'number' };
      const value = emitExpression(context, node.argument);
      return { js: value.type === 'table' ? `${value.js}.length` : `length(${value.js})`, type: 'number' };
    }
    default:
      return context.fail(node, node.operator);
  }
}

/** `#KEYS`, `#ARGV`. */
function emitKeyCount(context: ScriptContext, node: Expression): string | undefined {
  const first = firstOfKeys(context, node);
  if (first === undefined) return undefined;
  return first === 0 && context.textOf(node) === 'KEYS' ? `${context.numberOfKeys}` : `(A.length - ${first})`;
}

/** Where `KEYS` or `ARGV` begins among the arguments; `undefined` where it is something else. */
function firstOfKeys(context: ScriptContext, node: Expression): number | undefined {
  if (node.type !== 'Identifier' || context.lookup(node.name)?.role !== 'keys') return undefined;
  return node.name === 'KEYS' ? 0 : context.numberOfKeys;
}

function emitIndex(context: ScriptContext, node: Expression & { readonly type: 'IndexExpression' }): Code {
  const type = 'unknown';
  const first = firstOfKeys(context, node.base);
  if (first !== undefined) {
    const last = first === 0 ? context.numberOfKeys : Number.POSITIVE_INFINITY;
    if (node.index.type !== 'NumericLiteral')
      return { js: `argumentAt(A, ${emitNumber(context, node.index)}, [${first}, ${last}])`, type };
    const { value } = node.index;
    return { js: value >= 1 && value <= last ? `A[${first + value - 1}]` : 'undefined', type };
  }
  const base = emitExpression(context, node.base);
  if (node.index.type === 'NumericLiteral') {
    const index = node.index.value - 1;
    return { js: base.type === 'table' ? `${base.js}[${index}]` : `at(${base.js}, ${index})`, type };
  }
  if (node.index.type === 'StringLiteral')
    return { js: `field(${base.js}, ${JSON.stringify(node.index.value)})`, type };
  const index = emitExpression(context, node.index);
  if (base.type === 'table' && index.type === 'number') return { js: `${base.js}[${index.js} - 1]`, type };
  return { js: `index(${base.js}, ${index.js})`, type };
}

function emitField(context: ScriptContext, node: Expression & { readonly type: 'MemberExpression' }): Code {
  if (node.base.type === 'Identifier' && context.lookup(node.base.name) === undefined) {
    if (node.base.name === 'math' && node.identifier.name === 'huge')
      return { js: 'Infinity', type: 'number' };
    context.fail(node, `${node.base.name}.${node.identifier.name}`);
  }
  const base = emitExpression(context, node.base);
  return { js: `field(${base.js}, ${JSON.stringify(node.identifier.name)})`, type: 'unknown' };
}

function emitText(context: ScriptContext, node: Expression): string {
  const code = emitExpression(context, node);
  return code.type === 'string' ? code.js : `text(${code.js})`;
}
