import type { ChannelName } from '@kittiwake/protocol';
import { parseChain } from '../../../services/gateway/src/broker/epoch-chain.ts';
import { historyKey, stateKey } from '../../../services/gateway/src/broker/redis/keys.ts';
import type { LogLine } from '../checker/log-lines.ts';

/** Runs one command at the primary and gives the raw reply, as `redis-cli --raw` prints it. */
export type RedisCommand = (...args: readonly string[]) => Promise<string>;

const HEADS = `local heads = {}
for i, key in ipairs(KEYS) do heads[i] = redis.call('HGET', key, 'offset') or '0' end
return heads`;

/** Where each channel stands. */
export async function readHeads(
  command: RedisCommand,
  channels: readonly string[],
): Promise<{ readonly [channel: string]: number }> {
  const keys = channels.map(channel => stateKey(channel as ChannelName));
  const reply = await command('EVAL', HEADS, String(keys.length), ...keys);
  const offsets = reply.split('\n').map(Number);
  return Object.fromEntries(channels.map((channel, index) => [channel, offsets[index] ?? 0]));
}

/** Everything that the primary keeps of a channel; to be read while nobody publishes. */
export async function readLog(command: RedisCommand, channel: string, round: number): Promise<LogLine> {
  const name = channel as ChannelName;
  const [offset = '0', chainText = ''] = (await command('HMGET', stateKey(name), 'offset', 'chain')).split(
    '\n',
  );
  const chain = parseChain(chainText);
  if (chain === undefined) throw new Error(`${channel} has a chain that is none: ${chainText}`);
  const head = Number(offset);
  const entries = readEntries(await command('XRANGE', historyKey(name), '-', '+'));
  const firstKept = entries[0]?.offset ?? head + 1;
  if (entries.length !== head - firstKept + 1)
    throw new Error(`${channel} has ${entries.length} entries from ${firstKept} to its head ${head}`);
  return { type: 'log', round, channel, head, chain, firstKept, ids: entries.map(({ id }) => id) };
}

/** `redis-cli --raw` prints five lines for each entry: its id, `t`, a time, `b`, the body. */
function readEntries(reply: string): readonly { readonly offset: number; readonly id: number }[] {
  const lines = reply === '' ? [] : reply.split('\n');
  const entries: { readonly offset: number; readonly id: number }[] = [];
  for (let index = 0; index + 4 < lines.length; index += 5) {
    const body = JSON.parse(lines[index + 4] ?? '{}');
    entries.push({ offset: Number.parseInt(lines[index] ?? '', 10), id: body.data?.id ?? -1 });
  }
  return entries;
}
