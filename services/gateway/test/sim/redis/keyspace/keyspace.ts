import { Refused } from './refused.ts';
import { SortedSet } from './sorted-set.ts';
import { StreamLog } from './stream-log.ts';

/** What a key can hold. */
export type StoredValue = string | Map<string, string> | SortedSet | StreamLog;

/** Tells whoever is subscribed to a topic, and gives how many those are. */
export type Announce = (topic: string, text: string) => number;

type Entry = { value: StoredValue; expiresAtMs: number };

/** A write as replicas apply it: it does not fail, and asks no clock: where it needs a moment, `atMs` is that. */
export type Write = {
  readonly name: string;
  apply(data: Keyspace, args: readonly string[], atMs: number): void;
};

/** What replicas and the append-only file are told: a write, its arguments and its moment, over and over. */
export type Effects = (Write | readonly string[] | number)[];

const WRONG_TYPE = 'WRONGTYPE Operation against a key holding the wrong kind of value';

/** The data of one server. Keys that are past their time are dropped when somebody looks, as a lazy Redis does. */
export class Keyspace {
  readonly #entries = new Map<string, Entry>();
  /** The key that was looked up last, and what was there: commands come in runs on one key. */
  #lastKey: string | undefined;
  #lastEntry: Entry | undefined;
  #isPeeking = false;
  /** The moment for everything that expires; a script sees one moment from its beginning to its end. */
  nowMs = 0;
  /** Where writes are told; `undefined` while those of another server are applied, which know what expired. */
  effects: Effects | undefined;
  readonly announce: Announce;

  constructor(announce: Announce = () => 0) {
    this.announce = announce;
  }

  string(key: string): string | undefined {
    const value = this.#live(key)?.value;
    if (value === undefined || typeof value === 'string') return value;
    throw new Refused(WRONG_TYPE);
  }

  hash(key: string): Map<string, string> | undefined {
    const value = this.#live(key)?.value;
    if (value === undefined || value instanceof Map) return value;
    throw new Refused(WRONG_TYPE);
  }

  sortedSet(key: string): SortedSet | undefined {
    const value = this.#live(key)?.value;
    if (value === undefined || value instanceof SortedSet) return value;
    throw new Refused(WRONG_TYPE);
  }

  stream(key: string): StreamLog | undefined {
    const value = this.#live(key)?.value;
    if (value === undefined || value instanceof StreamLog) return value;
    throw new Refused(WRONG_TYPE);
  }

  has(key: string): boolean {
    return this.#live(key) !== undefined;
  }

  /** Puts `value` there, without an expiry unless one is given. */
  put<V extends StoredValue>(key: string, value: V, expiresAtMs = Number.POSITIVE_INFINITY): V {
    this.#lastKey = undefined;
    this.#entries.set(key, { value, expiresAtMs });
    return value;
  }

  delete(key: string): boolean {
    if (this.#live(key) === undefined) return false;
    this.#lastKey = undefined;
    return this.#entries.delete(key);
  }

  /** False where there is no such key. */
  expireAt(key: string, expiresAtMs: number): boolean {
    const entry = this.#live(key);
    if (entry === undefined) return false;
    entry.expiresAtMs = expiresAtMs;
    return true;
  }

  /** When the key expires, `undefined` where there is none. */
  expiryOf(key: string): number | undefined {
    return this.#live(key)?.expiresAtMs;
  }

  clear(): void {
    this.#lastKey = undefined;
    this.#entries.clear();
  }

  /** Tells a write. */
  record(write: Write, args: readonly string[], atMs = 0): void {
    this.effects?.push(write, args, atMs);
  }

  /** Looks at the data of `nowMs` without dropping what is past its time, which it does not show either. */
  peek<T>(nowMs: number, look: (data: Keyspace) => T): T {
    const { effects, nowMs: then } = this;
    this.nowMs = nowMs;
    this.effects = undefined;
    this.#isPeeking = true;
    const seen = look(this);
    this.#isPeeking = false;
    this.effects = effects;
    this.nowMs = then;
    return seen;
  }

  /** Keys in the order of their making. */
  keys(): Iterable<string> {
    return this.#entries.keys();
  }

  #live(key: string): Entry | undefined {
    const entry = key === this.#lastKey ? this.#lastEntry : this.#entries.get(key);
    this.#lastKey = key;
    this.#lastEntry = entry;
    if (entry === undefined || entry.expiresAtMs >= this.nowMs) return entry;
    if (this.effects === undefined) return this.#isPeeking ? undefined : entry;
    this.#lastKey = undefined;
    this.#entries.delete(key);
    this.record(EXPIRED, [key]);
    return undefined;
  }
}

/** A key that the primary found to be past its time: replicas do not decide that by themselves. */
const EXPIRED: Write = { name: 'DEL', apply: (data, [key = '']) => void data.delete(key) };
