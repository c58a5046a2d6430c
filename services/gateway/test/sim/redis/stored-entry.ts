import type { ChannelName, Position } from '@kittiwake/protocol';
import { channelOf, stateKey } from '../../../src/broker/redis/keys.ts';
import { HINCRBY } from './keyspace/hash-commands.ts';
import { PUBLISH } from './keyspace/key-commands.ts';
import type { Effects, Keyspace } from './keyspace/keyspace.ts';
import { XADD } from './keyspace/stream-commands.ts';

/** An entry of a channel that was just stored. */
export type StoredEntry = {
  readonly channel: ChannelName;
  readonly position: Position;
  readonly body: string;
};

const HISTORY = /^kw:\{([^{}]+)\}:history$/;

/** What one publish stored: nothing else both counts a channel on and gives its history, or whoever listens, an entry. */
export function storedIn(unit: Effects, data: Keyspace): StoredEntry | undefined {
  let counts = false;
  for (let part = 0; part < unit.length; part += 2) {
    const [write, args] = [unit[part], unit[part + 1] as readonly string[]];
    if (write === HINCRBY) counts = true;
    else if (write === XADD) return inHistory(args, data);
    else if (write === PUBLISH && counts) return announced(args);
  }
  return undefined;
}

function inHistory(args: readonly string[], data: Keyspace): StoredEntry | undefined {
  const channel = HISTORY.exec(args[0] ?? '')?.[1] as ChannelName | undefined;
  if (channel === undefined) return undefined;
  const offset = Number.parseInt(args.at(-5) ?? '', 10);
  const epoch = data.hash(stateKey(channel))?.get('epoch') ?? '';
  return { channel, position: { offset, epoch }, body: args.at(-1) ?? '' };
}

/** Where a channel keeps no history its announcement is all there is: `p <offset> <epoch> <body>`. */
function announced([topic = '', text = '']: readonly string[]): StoredEntry | undefined {
  const channel = channelOf(topic);
  const [kind, offset, epoch = ''] = text.split(' ', 3);
  if (channel === undefined || kind !== 'p') return undefined;
  const body = text.slice(`p ${offset} ${epoch} `.length);
  return { channel, position: { offset: Number(offset), epoch }, body };
}
