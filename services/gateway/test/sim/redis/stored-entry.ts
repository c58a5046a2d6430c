import type { ChannelName, Position } from '@kittiwake/protocol';
import { HINCRBY } from './keyspace/hash-commands.ts';
import { PUBLISH } from './keyspace/key-commands.ts';
import type { Effects, Keyspace } from './keyspace/keyspace.ts';
import { XADD } from './keyspace/stream-commands.ts';

/** An entry of a channel that was just stored. */
export type StoredEntry = {
  /** The key of the channel's state, the very text that was stored under. */
  readonly key: string;
  readonly position: Position;
  readonly body: string;
};

/** What one publish stored: nothing else counts a channel on and gives its history, or whoever listens, an entry. */
export function storedIn(unit: Effects, data: Keyspace): StoredEntry | undefined {
  let key: string | undefined;
  for (let part = 0; part < unit.length; part += 3) {
    const [write, args] = [unit[part], unit[part + 1] as readonly string[]];
    if (write === HINCRBY) key = args[0];
    else if (key !== undefined && write === XADD) return inHistory(key, args, data);
    else if (key !== undefined && write === PUBLISH) return announced(key, args[1] ?? '');
  }
  return undefined;
}

/** The channel that a state's key belongs to. */
export function channelOfState(key: string): ChannelName {
  return key.slice('kw:{'.length, -'}:state'.length) as ChannelName;
}

function inHistory(key: string, args: readonly string[], data: Keyspace): StoredEntry {
  const offset = Number.parseInt(args[args.length - 5] ?? '', 10);
  const epoch = data.hash(key)?.get('epoch') ?? '';
  return { key, position: { offset, epoch }, body: args[args.length - 1] ?? '' };
}

/** Where a channel keeps no history its announcement is all there is: `p <offset> <epoch> <body>`. */
function announced(key: string, text: string): StoredEntry {
  const [kind, offset, epoch = ''] = text.split(' ', 3);
  const body = text.slice(`${kind} ${offset} ${epoch} `.length);
  return { key, position: { offset: Number(offset), epoch }, body };
}
