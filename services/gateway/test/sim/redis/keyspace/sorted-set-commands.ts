import { argumentText } from '../lua/lua-number.ts';
import { type Command, integer, reading, writing, wrongArguments } from './command.ts';
import { Refused } from './refused.ts';
import { SortedSet } from './sorted-set.ts';

/** `ZADD key [NX|XX] score member …`. */
const ZADD = writing('ZADD', (data, args) => {
  const key = args[0] ?? '';
  const condition = /^(NX|XX)$/i.exec(args[1] ?? '')?.[0].toUpperCase();
  const first = condition === undefined ? 1 : 2;
  if (args.length < first + 2 || (args.length - first) % 2 !== 0) wrongArguments('ZADD');
  const known = data.sortedSet(key);
  if (known === undefined && condition === 'XX') return 0;
  const set = known ?? data.put(key, new SortedSet());
  let added = 0;
  for (let index = first; index < args.length; index += 2) {
    const [score, member] = [scoreOf(args[index]), args[index + 1] ?? ''];
    if (condition !== undefined && (set.score(member) === undefined) === (condition === 'XX')) continue;
    if (set.set(member, score)) added += 1;
  }
  data.record(ZADD, args);
  return added;
});

const ZREM = writing(
  'ZREM',
  (data, args) => {
    const key = args[0] ?? '';
    const set = data.sortedSet(key);
    if (set === undefined) return 0;
    let removed = 0;
    for (let index = 1; index < args.length; index += 1) if (set.delete(args[index] ?? '')) removed += 1;
    if (set.size === 0) data.delete(key);
    if (removed > 0) data.record(ZREM, args);
    return removed;
  },
  false,
);

/** Commands on sorted sets. */
export const SORTED_SET_COMMANDS: readonly Command[] = [
  ZADD,
  ZREM,
  reading('ZCARD', (data, [key = '']) => data.sortedSet(key)?.size ?? 0),
  reading('ZSCORE', (data, [key = '', member = '']) => {
    const score = data.sortedSet(key)?.score(member);
    return score === undefined ? false : argumentText(score);
  }),
  reading('ZRANGE', (data, [key = '', start, stop, option]) => {
    const set = data.sortedSet(key);
    const members = set?.range(integer(start), integer(stop)) ?? [];
    if (option === undefined) return [...members];
    if (option.toUpperCase() !== 'WITHSCORES') throw new Refused('ERR syntax error');
    return members.flatMap(member => [member, argumentText(set?.score(member) ?? 0)]);
  }),
  reading('ZRANGEBYSCORE', (data, [key = '', low = '', high = '', option, skip, count]) => {
    if (option !== undefined && option.toUpperCase() !== 'LIMIT') throw new Refused('ERR syntax error');
    const limits =
      option === undefined
        ? { skip: 0, count: Number.POSITIVE_INFINITY }
        : { skip: integer(skip), count: integer(count) };
    const [aboveLow, belowHigh] = [boundOf(low), boundOf(high)];
    const fits = (score: number): boolean =>
      (aboveLow.open ? score > aboveLow.at : score >= aboveLow.at) &&
      (belowHigh.open ? score < belowHigh.at : score <= belowHigh.at);
    return data.sortedSet(key)?.byScore(fits, limits) ?? [];
  }),
];

function boundOf(text: string): { readonly at: number; readonly open: boolean } {
  const open = text.startsWith('(');
  return { at: scoreOf(open ? text.slice(1) : text), open };
}

function scoreOf(text: string | undefined): number {
  if (text === '+inf' || text === 'inf') return Number.POSITIVE_INFINITY;
  if (text === '-inf') return Number.NEGATIVE_INFINITY;
  const score = Number(text);
  if (text === undefined || text === '' || Number.isNaN(score))
    throw new Refused('ERR value is not a valid float');
  return score;
}
