import { err, ok, type Result } from '@kittiwake/base';

/**
 * Patterns of channel names, in the configuration and in the grants of tokens (SPEC A5). Segments are divided by `:`;
 * `*` stands for a whole segment or the part of one where it stands, one character at least; `**` as the last segment
 * stands for one or more segments; `{user}` in a grant stands for the token's own user. Matching takes time linear in the name.
 */
export type ChannelPattern = {
  readonly text: string;
  /** Whether the pattern covers `channel`; `user` is what `{user}` stands for, and is never read as a pattern itself. */
  matches(channel: string, user?: string): boolean;
};

/** Longest pattern, in characters; a channel name may have 200. */
export const PATTERN_LENGTH_MAX = 200;

type Part = { readonly before: string; readonly after: string; readonly star: boolean };

/** What is matched segment by segment, and whether more may follow. */
type Shape = { readonly parts: readonly Part[]; readonly rest: boolean };

const SEGMENT = /^[A-Za-z0-9_\-.@*]*$/;
const USER = '{user}';

/** Reads a pattern; the error says what is wrong with it. `{user}` is read only where `grant` says so. */
export function compilePattern(
  text: string,
  options: { readonly grant?: boolean } = {},
): Result<ChannelPattern, string> {
  const problem = findProblem(text, options.grant === true);
  if (problem !== undefined) return err(problem);
  const segments = text.split(':');
  const rest = segments.at(-1) === '**';
  const fixed = rest ? segments.slice(0, -1) : segments;
  const shape = { parts: fixed.map(toPart), rest };
  return ok({ text, matches: (channel, user) => matchesShape(shape, channel.split(':'), user) });
}

/** Whether every channel of `narrow` is one of `wide` as well, so that `narrow` is never reached behind it. */
export function covers(wide: ChannelPattern, narrow: ChannelPattern): boolean {
  // A character that no pattern may contain stands for anything that a wildcard may stand for.
  const samples = narrow.text.endsWith('**')
    ? [narrow.text.replace(/\*\*$/, '\u0001'), narrow.text.replace(/\*\*$/, '\u0001:\u0001')]
    : [narrow.text];
  return samples.every(sample => wide.matches(sample.replaceAll('*', '\u0001')));
}

function findProblem(text: string, grant: boolean): string | undefined {
  if (text === '') return 'must not be empty';
  if (text.length > PATTERN_LENGTH_MAX) return `must have at most ${PATTERN_LENGTH_MAX} characters`;
  const segments = text.split(':');
  for (const [index, segment] of segments.entries()) {
    const plain = grant ? segment.replace(USER, 'u') : segment;
    if (plain === '') return 'has an empty segment';
    if (!SEGMENT.test(plain))
      return grant
        ? 'has characters that are not allowed'
        : 'may contain letters, digits, _ - . @ : and * only';
    if (segment === '**' && index === segments.length - 1) continue;
    if (segment.includes('**')) return '`**` may only be the whole last segment';
    if (segment.split('*').length > 2) return 'may have one `*` in a segment';
    if (segment.includes('*') && segment.includes(USER))
      return 'may not have `*` and `{user}` in one segment';
  }
  return undefined;
}

function toPart(segment: string): Part {
  const at = segment.indexOf('*');
  if (at === -1) return { before: segment, after: '', star: false };
  return { before: segment.slice(0, at), after: segment.slice(at + 1), star: true };
}

function matchesShape(
  { parts, rest }: Shape,
  segments: readonly string[],
  user: string | undefined,
): boolean {
  if (rest ? segments.length <= parts.length : segments.length !== parts.length) return false;
  return parts.every((part, index) => matchesSegment(part, segments[index] ?? '', user));
}

function matchesSegment(part: Part, segment: string, user: string | undefined): boolean {
  if (part.star) {
    const longEnough = segment.length > part.before.length + part.after.length;
    return longEnough && segment.startsWith(part.before) && segment.endsWith(part.after);
  }
  if (!part.before.includes(USER)) return segment === part.before;
  if (user === undefined || user === '') return false;
  // A replacer function, because `$&` in a user id must stay what it is.
  return segment === part.before.replace(USER, () => user);
}
