import { type Random, randomInt } from '@kittiwake/base';

/** A command with its arguments. */
export type CommandCall = readonly [name: string, ...args: string[]];

type Kind = (dice: Dice) => CommandCall;

const FIELDS = ['f', 'g', 'héhé', 'n'];
const WORDS = ['1', '-7', 'text', '', 'naïve 🐦', '0012', '2147483648'];

/** Commands on a few keys, so that they meet; nothing in them depends on time. */
export function randomCommands(random: Random, count: number): readonly CommandCall[] {
  const dice = new Dice(random);
  const kinds = [...HASHES, ...SORTED_SETS, ...STREAMS, ...KEYS];
  return Array.from({ length: count }, () => dice.one(kinds)(dice));
}

const HASHES: readonly Kind[] = [
  dice => ['HSET', 'hash', ...dice.some(3, () => [dice.one(FIELDS), dice.one(WORDS)])],
  dice => ['HINCRBY', 'hash', dice.one(FIELDS), dice.one(['1', '-5', 'x'])],
  dice => ['HINCRBY', 'counter', 'n', dice.number(9)],
  dice => ['HDEL', 'hash', ...dice.some(3, () => [dice.one(FIELDS)])],
  dice => ['HGET', dice.one(['hash', 'zset']), dice.one(FIELDS)],
  dice => ['HMGET', 'hash', ...dice.some(4, () => [dice.one(FIELDS)])],
  dice => [dice.one(['HLEN', 'HVALS', 'HGETALL']), dice.one(['hash', 'absent'])],
];

const SORTED_SETS: readonly Kind[] = [
  dice => ['ZADD', 'zset', ...dice.some(3, () => [dice.score(), dice.one(FIELDS)])],
  dice => [
    'ZADD',
    dice.one(['zset', 'absent', 'zset']),
    dice.one(['NX', 'XX']),
    dice.score(),
    dice.one(FIELDS),
  ],
  dice => ['ZREM', 'zset', ...dice.some(2, () => [dice.one(FIELDS)])],
  dice => [
    'ZRANGE',
    'zset',
    dice.one(['0', '1', '-2']),
    dice.one(['0', '-1', '5']),
    ...dice.maybe('WITHSCORES'),
  ],
  dice => [
    'ZRANGEBYSCORE',
    'zset',
    dice.bound(),
    dice.bound(),
    ...dice.maybe('LIMIT', dice.number(3), dice.number(3)),
  ],
  dice => ['ZCARD', dice.one(['zset', 'absent', 'text'])],
  dice => ['ZSCORE', 'zset', dice.one(FIELDS)],
];

const STREAMS: readonly Kind[] = [
  dice => {
    const trim = ['MAXLEN', dice.one(['~', '=']), dice.one(['20', '35', '50'])];
    return ['XADD', 'stream', ...trim, dice.nextId(), 't', dice.number(9), 'b', dice.one(WORDS)];
  },
  dice => [
    'XADD',
    'stream',
    dice.nextId(),
    ...dice.some(3, () => [dice.one(FIELDS), 'x'.repeat(Number(dice.number(900)))]),
  ],
  dice => ['XADD', dice.one(['stream', 'absent']), 'NOMKSTREAM', dice.nextId(), 'f', dice.one(WORDS)],
  dice => ['XTRIM', 'stream', 'MAXLEN', ...dice.maybe(dice.one(['~', '='])), dice.one(['5', '30', '60'])],
  dice => ['XTRIM', 'stream', 'MINID', `${dice.recent(40)}-${dice.number(2)}`],
  dice => [
    'XRANGE',
    'stream',
    dice.one(['-', dice.number(200), `${dice.recent(3)}-1`]),
    dice.one(['+', dice.number(200), `${dice.recent(1)}`]),
    'COUNT',
    dice.number(6),
  ],
  dice => [
    'XREVRANGE',
    'stream',
    dice.one(['+', `${dice.recent(1)}`]),
    dice.one(['-', `${dice.recent(9)}-0`]),
  ],
  dice => ['XREVRANGE', 'stream', '+', '-', 'COUNT', dice.number(4)],
  dice => ['XLEN', dice.one(['stream', 'absent', 'hash'])],
];

const KEYS: readonly Kind[] = [
  dice => ['SET', 'text', dice.one(WORDS), ...dice.maybe(dice.one(['NX', 'XX']))],
  dice => [dice.one(['GET', 'PTTL']), dice.one(['text', 'absent', 'hash'])],
  dice => ['DEL', ...dice.some(2, () => [dice.one(['text', 'counter', 'absent', 'other'])])],
  () => ['EXISTS', 'text', 'hash', 'absent'],
  dice => ['PEXPIRE', dice.one(['text', 'absent', 'other']), dice.one(['0', '-1'])],
  dice => ['PUBLISH', 'topic', dice.one(WORDS)],
];

/** What the arguments are drawn with. */
class Dice {
  readonly #random: Random;
  #id = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  one<T>(from: readonly T[]): T {
    const chosen = from[randomInt(this.#random, from.length)];
    if (chosen === undefined) throw new Error('there is nothing to choose from');
    return chosen;
  }

  number(below: number): string {
    return String(randomInt(this.#random, below));
  }

  some(most: number, make: () => readonly string[]): readonly string[] {
    return Array.from({ length: 1 + randomInt(this.#random, most) }, make).flat();
  }

  maybe(...words: readonly string[]): readonly string[] {
    return randomInt(this.#random, 2) === 0 ? [] : words;
  }

  score(): string {
    return this.one(['1', '2.5', '-3', '+inf', '1767225600000', '7']);
  }

  bound(): string {
    return this.one(['-inf', '+inf', '(2.5', '1', '7', '(1767225600000']);
  }

  /** An id for an entry; now and then one that is not new. */
  nextId(): string {
    this.#id += randomInt(this.#random, 8) === 0 ? 0 : 1 + randomInt(this.#random, 2);
    return `${this.#id}-${this.number(2)}`;
  }

  recent(below: number): number {
    return Math.max(0, this.#id - randomInt(this.#random, below));
  }
}
