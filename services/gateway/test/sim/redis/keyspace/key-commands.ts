import { type Command, integer, OK, reading, writing } from './command.ts';
import type { Keyspace } from './keyspace.ts';
import { ReplyError } from './reply-error.ts';

/** `PEXPIRE` and `SET … PX` as replicas are told: moments, not durations. */
const PEXPIREAT = writing('PEXPIREAT', (data, [key = '', atMs]) => Number(data.expireAt(key, Number(atMs))));
const SET_AT = writing('SET', (data, [key = '', value = '', atMs]) => {
  data.put(key, value, atMs === undefined ? undefined : Number(atMs));
  return OK;
});

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

function expire(data: Keyspace, [key = '', ms]: readonly string[]): number {
  const duration = integer(ms);
  if (duration <= 0) {
    if (!data.delete(key)) return 0;
    data.record(DEL, [key]);
    return 1;
  }
  if (!data.expireAt(key, data.nowMs + duration)) return 0;
  data.record(PEXPIREAT, [key, String(data.nowMs + duration)]);
  return 1;
}

/** `SET key value [NX|XX] [PX ms]`. */
function set(data: Keyspace, [key = '', value = '', ...options]: readonly string[]): typeof OK | false {
  const condition = /^(NX|XX)$/i.exec(options[0] ?? '')?.[0].toUpperCase();
  const [option, ms, more] = condition === undefined ? options : options.slice(1);
  if (more !== undefined || (option !== undefined && option.toUpperCase() !== 'PX'))
    throw new ReplyError('ERR syntax error');
  if (condition !== undefined && data.has(key) === (condition === 'NX')) return false;
  const expiresAtMs = option === undefined ? undefined : data.nowMs + integer(ms);
  data.put(key, value, expiresAtMs);
  data.record(SET_AT, expiresAtMs === undefined ? [key, value] : [key, value, String(expiresAtMs)]);
  return OK;
}

let lastMs = -1;
let lastTime: string[] = [];

/** Seconds and microseconds. The array is shared: scripts cannot write to what they did not make. */
function timeOf(nowMs: number): string[] {
  if (nowMs !== lastMs) {
    lastMs = nowMs;
    lastTime = [String(Math.floor(nowMs / 1_000)), String((nowMs % 1_000) * 1_000)];
  }
  return lastTime;
}
