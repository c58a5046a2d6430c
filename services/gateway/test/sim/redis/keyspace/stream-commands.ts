import { type Command, integer, reading, writing, wrongArguments } from './command.ts';
import type { Keyspace } from './keyspace.ts';
import { ReplyError } from './reply-error.ts';
import { type StreamId, StreamLog, type StreamReply } from './stream-log.ts';

const TOO_SMALL = 'ERR The ID specified in XADD is equal or smaller than the target stream top item';
const SEQUENCE_MAX = Number.MAX_SAFE_INTEGER - 1;

/** `XADD key [MAXLEN [=|~] length] id field value …`; ids are always given by our scripts. */
const XADD = writing('XADD', (data, args) => {
  const key = args[0] ?? '';
  let at = 1;
  let trim: Trim | undefined;
  if (args[1]?.toUpperCase() === 'MAXLEN') {
    const sign = args[2] === '~' || args[2] === '=' ? args[2] : undefined;
    at = sign === undefined ? 3 : 4;
    trim = { length: integer(args[at - 1]), whole: sign === '~' };
  }
  const id = args[at] ?? '';
  const texts = args.slice(at + 1);
  if (texts.length === 0 || texts.length % 2 !== 0) wrongArguments('XADD');
  const stream = data.stream(key) ?? data.put(key, new StreamLog());
  if (!stream.add(idOf(id, 0), [id, texts])) throw new ReplyError(TOO_SMALL);
  if (trim?.whole === true) stream.trimNodes(trim.length);
  else if (trim !== undefined) stream.trimLength(trim.length);
  data.record(XADD, args);
  return id;
});

type Trim = { readonly length: number; readonly whole: boolean };

/** `XTRIM key MINID id`. */
const XTRIM = writing(
  'XTRIM',
  (data, args) => {
    const [key = '', strategy, id = '', more] = args;
    if (strategy?.toUpperCase() !== 'MINID' || more !== undefined) throw new ReplyError('ERR syntax error');
    const trimmed = data.stream(key)?.trimBefore(idOf(id, 0)) ?? 0;
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
    if (options.length !== 2 || options[0]?.toUpperCase() !== 'COUNT')
      throw new ReplyError('ERR syntax error');
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
    throw new ReplyError('ERR Invalid stream ID specified as stream command argument');
  return { ms, seq };
}
