import { type LuaPattern, readPattern } from './lua-pattern.ts';
import type { Code } from './script-context.ts';

/** What a call was written with. */
export type CallSite = {
  readonly codes: readonly Code[];
  /** The value of an argument that is a constant text or truth. */
  constant(index: number): string | boolean | undefined;
  fail(what: string): never;
};

/** A function of Lua's or Redis' libraries: JavaScript of its first value, and of the array of all where there may be more. */
export type LibraryCall = {
  readonly least: number;
  readonly most: number;
  one(site: CallSite): Code;
  all?(site: CallSite): string;
};

/** Every library function that scripts may call. */
export const LIBRARY_CALLS: ReadonlyMap<string, LibraryCall> = new Map<string, LibraryCall>([
  ['tonumber', call(1, site => unknown(`tonumber(${js(site, 0)})`))],
  ['tostring', call(1, site => string(`tostring(${js(site, 0)})`))],
  ['type', call(1, site => string(`typeName(${js(site, 0)})`))],
  ['cjson.encode', call(1, site => string(`encode(${js(site, 0)})`))],
  ['redis.error_reply', call(1, site => table(`withFields([], { err: ${textOf(site, 0)} })`))],
  ['redis.status_reply', call(1, site => table(`withFields([], { ok: ${textOf(site, 0)} })`))],
  ['math.floor', call(1, site => number(`Math.floor(${numberOf(site, 0)})`))],
  ['math.ceil', call(1, site => number(`Math.ceil(${numberOf(site, 0)})`))],
  ['math.abs', call(1, site => number(`Math.abs(${numberOf(site, 0)})`))],
  ['math.max', call([1, 8], site => number(`Math.max(${numbersOf(site)})`))],
  ['math.min', call([1, 8], site => number(`Math.min(${numbersOf(site)})`))],
  ['table.concat', call([1, 2], site => string(`joined(${js(site, 0)}, ${textOf(site, 1, "''")})`))],
  [
    'table.insert',
    call(2, site =>
      site.codes[0]?.type === 'table'
        ? unknown(`append(${js(site, 0)}, ${js(site, 1)})`)
        : site.fail('inserting into a table that is not a local of its own'),
    ),
  ],
  ['string.len', call(1, site => number(`length(${textOf(site, 0)})`))],
  ['string.lower', call(1, site => string(`${textOf(site, 0)}.toLowerCase()`))],
  ['string.upper', call(1, site => string(`${textOf(site, 0)}.toUpperCase()`))],
  ['string.rep', call(2, site => string(`repeat(${textOf(site, 0)}, ${numberOf(site, 1)})`))],
  ['string.format', call([1, 16], formatted)],
  [
    'string.sub',
    call([2, 3], site => string(`sub(${textOf(site, 0)}, ${numberOf(site, 1)}, ${numberOf(site, 2, '-1')})`)),
  ],
  ['string.find', { ...call([4, 4], found), all: site => site.fail('the end of what string.find found') }],
  ['string.match', { ...call(2, site => unknown(`${matched(site)}[0]`)), all: matched }],
  ['string.gsub', { ...call(3, site => string(`${replaced(site)}[0]`)), all: replaced }],
]);

function call(arity: number | readonly [number, number], one: LibraryCall['one']): LibraryCall {
  const [least, most] = typeof arity === 'number' ? [arity, arity] : arity;
  return { least, most, one };
}

/** The first value only: the second, where the match ends, would cost more than it is asked for. */
function found(site: CallSite): Code {
  if (site.constant(3) !== true) site.fail('string.find of a pattern');
  return unknown(`findPlain(${textOf(site, 0)}, ${textOf(site, 1)}, ${numberOf(site, 2)})`);
}

function matched(site: CallSite): string {
  return `match(${textOf(site, 0)}, ${expression(patternOf(site).source, '')})`;
}

function replaced(site: CallSite): string {
  const by = site.constant(2);
  if (typeof by !== 'string' || by.includes('%')) site.fail('gsub by anything but a constant text');
  const pattern = patternOf(site);
  const subject = textOf(site, 0);
  if (pattern.kind !== 'expression') {
    const replace = pattern.kind === 'plain' ? 'replacePlain' : 'replaceSuffix';
    return `${replace}(${subject}, ${JSON.stringify(pattern.text)}, ${JSON.stringify(by)})`;
  }
  return `replacePattern(${subject}, ${expression(pattern.source, 'g')}, ${JSON.stringify(by)})`;
}

function patternOf(site: CallSite): LuaPattern {
  const constant = site.constant(1);
  if (typeof constant !== 'string' || constant === '') return site.fail('a computed pattern');
  const pattern = readPattern(constant);
  return typeof pattern === 'string' ? site.fail(pattern) : pattern;
}

/** A constant format of `%s`, `%d`, `%.0f` and `%%`. */
function formatted(site: CallSite): Code {
  const format = site.constant(0);
  if (typeof format !== 'string') return site.fail('a computed format');
  let next = 1;
  const parts = format.split(/(%(?:\.0f|[sd%]))/).map((part, index) => {
    if (index % 2 === 0) return part.includes('%') ? site.fail(part) : JSON.stringify(part);
    if (part === '%%') return '"%"';
    const argument = next++;
    return part === '%s' ? textOf(site, argument) : `fixedText(${js(site, argument)})`;
  });
  if (next !== site.codes.length) site.fail('a format with too few or too many values');
  return string(`(${parts.filter(part => part !== '""').join(' + ') || '""'})`);
}

function expression(source: string, flags: string): string {
  return `/${source}/${flags}`;
}

function js(site: CallSite, index: number): string {
  return site.codes[index]?.js ?? site.fail(`argument ${index + 1} that is left out`);
}

function textOf(site: CallSite, index: number, absent?: string): string {
  const code = site.codes[index];
  if (code === undefined) return absent ?? js(site, index);
  return code.type === 'string' ? code.js : `text(${code.js})`;
}

function numberOf(site: CallSite, index: number, absent?: string): string {
  const code = site.codes[index];
  if (code === undefined) return absent ?? js(site, index);
  return code.type === 'number' ? code.js : `num(${code.js})`;
}

function numbersOf(site: CallSite): string {
  return site.codes.map((_, index) => numberOf(site, index)).join(', ');
}

const string = (source: string): Code => ({ js: source, type: 'string' });
const number = (source: string): Code => ({ js: source, type: 'number' });
const table = (source: string): Code => ({ js: source, type: 'table' });
const unknown = (source: string): Code => ({ js: source, type: 'unknown' });
