/** What a constant pattern of a script is in JavaScript. */
export type LuaPattern =
  | { readonly kind: 'plain' | 'suffix'; readonly text: string; readonly source: string }
  | { readonly kind: 'expression'; readonly source: string };

const MAGIC = /[\^$*+?.([%-]/;
/** A text at the end, and nothing else: `-` is magic only behind something that may repeat. */
const SUFFIX = /^(-?[^^$*+?.([%-]+)\$$/;
const CLASSES: { readonly [letter: string]: string } = {
  a: 'A-Za-z',
  d: '0-9',
  l: 'a-z',
  s: '\\s',
  u: 'A-Z',
  w: 'A-Za-z0-9',
  x: 'A-Fa-f0-9',
};

/**
 * Reads a pattern; gives the reason where it has what is not modelled. What depends on bytes (`.`, complements,
 * `%b`, `%z`) is refused, since texts here are characters.
 */
export function readPattern(pattern: string): LuaPattern | string {
  if (!MAGIC.test(pattern)) return { kind: 'plain', text: pattern, source: literal(pattern) };
  const suffix = SUFFIX.exec(pattern)?.[1];
  if (suffix !== undefined) return { kind: 'suffix', text: suffix, source: `${literal(suffix)}$` };
  let source = '';
  for (let at = 0; at < pattern.length; ) {
    const part = readPart(pattern, at);
    if (typeof part === 'string') return part;
    source += part.source;
    at = part.end;
  }
  return { kind: 'expression', source };
}

type Part = { readonly source: string; readonly end: number };

function readPart(pattern: string, at: number): Part | string {
  const letter = pattern.charAt(at);
  if (letter === '^' && at === 0) return { source: '^', end: 1 };
  if (letter === '$' && at === pattern.length - 1) return { source: '$', end: at + 1 };
  if (letter === '(' || letter === ')') return { source: letter, end: at + 1 };
  if (letter === '.') return '`.` in a pattern';
  const atom = letter === '[' ? readSet(pattern, at) : readAtom(pattern, at);
  if (typeof atom === 'string') return atom;
  const repeat = pattern.charAt(atom.end);
  if (repeat === '-') return { source: `${atom.source}*?`, end: atom.end + 1 };
  return '*+?'.includes(repeat) && repeat !== '' ? { source: atom.source + repeat, end: atom.end + 1 } : atom;
}

/** A letter, an escaped one, or a class. */
function readAtom(pattern: string, at: number): Part | string {
  if (pattern.charAt(at) !== '%') return { source: literal(pattern.charAt(at)), end: at + 1 };
  const letter = pattern.charAt(at + 1);
  if (!/[A-Za-z0-9]/.test(letter)) return { source: literal(letter), end: at + 2 };
  const inside = CLASSES[letter];
  return inside === undefined ? `%${letter} in a pattern` : { source: `[${inside}]`, end: at + 2 };
}

function readSet(pattern: string, at: number): Part | string {
  const end = pattern.indexOf(']', at + 2);
  if (end < 0 || pattern.charAt(at + 1) === '^') return 'a set like this in a pattern';
  const inside = pattern.slice(at + 1, end);
  const source = inside.replace(/%(.)|[^-]/gs, (letter, escaped?: string) =>
    escaped === undefined ? literal(letter) : (CLASSES[escaped] ?? literal(escaped)),
  );
  return { source: `[${source}]`, end: end + 1 };
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
