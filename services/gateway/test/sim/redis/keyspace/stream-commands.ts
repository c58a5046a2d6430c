import { type Command, integer, reading, writing, wrongArguments } from './command.ts';
import type { Keyspace } from './keyspace.ts';
import { Refused } from './refused.ts';
import { type StreamId, StreamLog, type StreamReply } from './stream-log.ts';

const TOO_SMALL = 'ERR The ID specified in XADD is equal or smaller than the target stream top item';
const SEQUENCE_MAX = Number.MAX_SAFE_INTEGER - 1;

/** `XADD key [NOMKSTREAM] [MAXLEN [=|~] length] id field value …`; ids are always given by our scripts. */
export const XADD = writing('XADD', (data, args) => {
  const key = args[0] ?? '';
  let at = 1;
  if (args[at]?.toUpperCase() === 'NOMKSTREAM') {
    if (data.stream(key) === undefined) return false;
    at += 1;
  }
  const trim = args[at]?.toUpperCase() === 'MAXLEN' ? trimOf(args, at + 1) : undefined;
  at = trim?.end ?? at;
  const id = args[at] ?? '';
  const texts = args.slice(at + 1);
  if (texts.length === 0 || texts.length % 2 !== 0) wrongArguments('XADD');
  const stream = data.stream(key) ?? data.put(key, new StreamLog());
  if (!stream.add(idOf(id, 0), [id, texts])) throw new Refused(TOO_SMALL);
  if (trim !== undefined) trimTo(stream, trim);
  data.record(XADD, args);
  return id;
});

/** How long a stream may be, and where that ended among the arguments. */
type Trim = { readonly length: number; readonly whole: boolean; readonly end: number };

function trimOf(args: readonly string[], at: number): Trim {
  const sign = args[at];
  const end = sign === '~' || sign === '=' ? at + 2 : at + 1;
  return { length: integer(args[end - 1]), whole: sign === '~', end };
}

function trimTo(stream: StreamLog, { length, whole }: Trim): number {
  return whole ? stream.trimNodes(length) : stream.trimLength(length);
}

/** `XTRIM key MINID id`, `XTRIM key MAXLEN [=|~] length`. */
const XTRIM = writing(
  'XTRIM',
  (data, args) => {
    const [key = '', strategy = '', id = ''] = args;
    const stream = data.stream(key);
    const isById = strategy.toUpperCase() === 'MINID' && args.length === 3;
    if (!isById && strategy.toUpperCase() !== 'MAXLEN') throw new Refused('ERR syntax error');
    const trim = isById ? undefined : trimOf(args, 2);
    if (stream === undefined) return 0;
    const trimmed = trim === undefined ? stream.trimBefore(idOf(id, 0)) : trimTo(stream, trim);
    if (trimmed > 0) data.record(XTRIM, args);
    return trimmed;
  },
  false,
);

/** Commands on streams. */
export const STREAM_COMMANDS: readonly Command[] = [
  XADD,
  XTRIM,
  reading('XLEN', (data, [key = '']) => data.stream(key)?.length ?? 0),
  reading('XRANGE', (data, [key = '', from = '', to = '', ...options]) =>
    range(data, { key, from, to, options, reverse: false }),
  ),
  reading('XREVRANGE', (data, [key = '', to = '', from = '', ...options]) =>
    range(data, { key, from, to, options, reverse: true }),
  ),
];

type Range = {
  readonly key: string;
  readonly from: string;
  readonly to: string;
  readonly options: readonly string[];
  readonly reverse: boolean;
};

function range(data: Keyspace, { key, from, to, options, reverse }: Range): StreamReply[] | false {
  let count = Number.POSITIVE_INFINITY;
  if (options.length > 0) {
    if (options.length !== 2 || options[0]?.toUpperCase() !== 'COUNT') throw new Refused('ERR syntax error');
    count = Math.max(0, integer(options[1]));
  }
  const [first, last] = [idOf(from, 0), idOf(to, SEQUENCE_MAX)];
  const stream = data.stream(key);
  if (stream === undefined) return [];
  return count === 0 ? false : stream.range(first, last, { count, reverse });
}

/** An id; without its second half that is the lowest or the highest one. */
function idOf(text: string, sequence: number): StreamId {
  if (text === '-') return { ms: 0, seq: 0 };
  if (text === '+') return { ms: Number.MAX_SAFE_INTEGER, seq: SEQUENCE_MAX };
  const dash = text.indexOf('-');
  const ms = Number(dash < 0 ? text : text.slice(0, dash));
  const seq = dash < 0 ? sequence : Number(text.slice(dash + 1));
  if (text === '' || !Number.isSafeInteger(ms) || !Number.isSafeInteger(seq))
    throw new Refused('ERR Invalid stream ID specified as stream command argument');
  return { ms, seq };
}
