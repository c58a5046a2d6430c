import { type Command, integer, OK, reading, writing } from './command.ts';
import type { Keyspace, Write } from './keyspace.ts';
import { Refused } from './refused.ts';

/** `PEXPIRE` and `SET … PX` as replicas are told: they expire at a moment, not after a time. */
const PEXPIREAT: Write = {
  name: 'PEXPIREAT',
  apply: (data, [key = ''], atMs) => void data.expireAt(key, atMs),
};
const SET_AT: Write = {
  name: 'SET',
  apply: (data, [key = '', value = ''], atMs) => void data.put(key, value, atMs),
};

/** Forgets keys. */
export const DEL = writing(
  'DEL',
  (data, keys) => {
    let deleted = 0;
    for (const key of keys) if (data.delete(key)) deleted += 1;
    if (deleted > 0) data.record(DEL, keys);
    return deleted;
  },
  false,
);

/** No write, so that it is refused nowhere; replicas hear of it all the same, and tell their own subscribers. */
export const PUBLISH: Command = {
  ...reading('PUBLISH', (data, args) => {
    data.record(PUBLISH, args);
    return data.announce(args[0] ?? '', args[1] ?? '');
  }),
};

/** Commands on keys of any kind, and on texts. */
export const KEY_COMMANDS: readonly Command[] = [
  DEL,
  PUBLISH,
  reading('EXISTS', (data, keys) => keys.filter(key => data.has(key)).length),
  reading('GET', (data, [key = '']) => data.string(key) ?? false),
  reading('PTTL', (data, [key = '']) => {
    const expiresAtMs = data.expiryOf(key);
    if (expiresAtMs === undefined) return -2;
    return expiresAtMs === Number.POSITIVE_INFINITY ? -1 : expiresAtMs - data.nowMs;
  }),
  writing('PEXPIRE', expire, false),
  writing('SET', set),
  reading('TIME', data => timeOf(data.nowMs)),
];

function expire(data: Keyspace, args: readonly string[]): number {
  const key = args[0] ?? '';
  const duration = integer(args[1]);
  if (duration <= 0) {
    if (!data.delete(key)) return 0;
    data.record(DEL, [key]);
    return 1;
  }
  const atMs = data.nowMs + duration;
  if (!data.expireAt(key, atMs)) return 0;
  data.record(PEXPIREAT, args, atMs);
  return 1;
}

/** `SET key value [NX|XX] [PX ms]`. */
function set(data: Keyspace, args: readonly string[]): typeof OK | false {
  const [key = '', value = '', ...options] = args;
  const condition = /^(NX|XX)$/i.exec(options[0] ?? '')?.[0].toUpperCase();
  const [option, ms, more] = condition === undefined ? options : options.slice(1);
  if (more !== undefined || (option !== undefined && option.toUpperCase() !== 'PX'))
    throw new Refused('ERR syntax error');
  if (condition !== undefined && data.has(key) === (condition === 'NX')) return false;
  const atMs = option === undefined ? Number.POSITIVE_INFINITY : data.nowMs + integer(ms);
  data.put(key, value, atMs);
  data.record(SET_AT, args, atMs);
  return OK;
}

/** Every millisecond of a second, in microseconds. */
const MICROSECONDS = Array.from({ length: 1_000 }, (_, ms) => String(ms * 1_000));
let lastSecond = -1;
let lastSecondText = '';

/** Seconds and microseconds. Clocks of this world know no more than milliseconds. */
function timeOf(nowMs: number): string[] {
  const second = Math.floor(nowMs / 1_000);
  if (second !== lastSecond) {
    lastSecond = second;
    lastSecondText = String(second);
  }
  return [lastSecondText, MICROSECONDS[nowMs - second * 1_000] ?? '0'];
}
