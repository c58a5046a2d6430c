import { type Command, integer, isInteger, reading, writing, wrongArguments } from './command.ts';
import type { Keyspace } from './keyspace.ts';
import { Refused } from './refused.ts';

const NOTHING: ReadonlyMap<string, string> = new Map();

const HSET = writing('HSET', (data, args) => {
  const key = args[0] ?? '';
  if (args.length < 3 || args.length % 2 === 0) wrongArguments('HSET');
  const hash = hashFor(data, key);
  const before = hash.size;
  for (let index = 1; index < args.length; index += 2) hash.set(args[index] ?? '', args[index + 1] ?? '');
  data.record(HSET, args);
  return hash.size - before;
});

/** Counts a field on. */
export const HINCRBY = writing('HINCRBY', (data, args) => {
  const [key = '', field = '', by] = args;
  const increment = integer(by);
  const former = data.hash(key)?.get(field);
  if (former !== undefined && !isInteger(former)) throw new Refused('ERR hash value is not an integer');
  const value = Number(former ?? 0) + increment;
  hashFor(data, key).set(field, String(value));
  data.record(HINCRBY, args);
  return value;
});

const HDEL = writing(
  'HDEL',
  (data, args) => {
    const key = args[0] ?? '';
    const hash = data.hash(key);
    if (hash === undefined) return 0;
    let deleted = 0;
    for (let index = 1; index < args.length; index += 1) if (hash.delete(args[index] ?? '')) deleted += 1;
    if (hash.size === 0) data.delete(key);
    if (deleted > 0) data.record(HDEL, args);
    return deleted;
  },
  false,
);

export const HVALS = reading('HVALS', (data, [key = '']) => [...(data.hash(key) ?? NOTHING).values()]);

/** Commands on hashes. */
export const HASH_COMMANDS: readonly Command[] = [
  HSET,
  HINCRBY,
  HDEL,
  reading('HGET', (data, [key = '', field = '']) => data.hash(key)?.get(field) ?? false),
  reading('HMGET', (data, args) => {
    const hash = data.hash(args[0] ?? '') ?? NOTHING;
    const values: (string | false)[] = [];
    for (let index = 1; index < args.length; index += 1) values.push(hash.get(args[index] ?? '') ?? false);
    return values;
  }),
  reading('HLEN', (data, [key = '']) => data.hash(key)?.size ?? 0),
  HVALS,
  reading('HGETALL', (data, [key = '']) => [...(data.hash(key) ?? NOTHING)].flat()),
];

function hashFor(data: Keyspace, key: string): Map<string, string> {
  return data.hash(key) ?? data.put(key, new Map<string, string>());
}
