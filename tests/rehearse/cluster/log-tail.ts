import type { ChainLink, ChannelName } from '@kittiwake/protocol';
import { parseChain } from '../../../services/gateway/src/broker/epoch-chain.ts';
import { historyKey, stateKey } from '../../../services/gateway/src/broker/redis/keys.ts';
import type { LogLine } from '../../drill/checker/log-lines.ts';
import type { RedisCommand } from '../../drill/tier/read-log.ts';

/** What the script says of one channel: its head, its chain, and offset and id of each entry from the asked one on. */
type Told = readonly [head: string, chain: string, offsets: LuaList<string>, ids: LuaList<number>];

/** An empty table of Lua is an object in JSON. */
type LuaList<T> = readonly T[] | Readonly<Record<string, never>>;

/** State and entries of all channels in one step, so that they belong together. */
const READ = `local told = {}
for i = 1, #KEYS, 2 do
  local state = redis.call('HMGET', KEYS[i], 'offset', 'chain')
  local offsets, ids = {}, {}
  for _, entry in ipairs(redis.call('XRANGE', KEYS[i + 1], ARGV[(i + 1) / 2], '+')) do
    local fields = entry[2]
    for f = 1, #fields, 2 do
      if fields[f] == 'b' then
        local data = cjson.decode(fields[f + 1]).data
        offsets[#offsets + 1] = entry[1]
        ids[#ids + 1] = type(data) == 'table' and data.id or -1
      end
    end
  end
  told[#told + 1] = { state[1] or '0', state[2] or '', offsets, ids }
end
return cjson.encode(told)`;

type Kept = { chain: readonly ChainLink[]; head: number; firstKept: number; ids: number[] };

/**
 * Follows the logs of channels that keep less than a rehearsal publishes: what is read every now and then is put
 * together, and handed out as the log of the round.
 */
export class LogTail {
  readonly #command: RedisCommand;
  readonly #channels: readonly string[];
  readonly #kept = new Map<string, Kept>();
  #reading: Promise<void> = Promise.resolve();

  constructor(command: RedisCommand, channels: readonly string[]) {
    this.#command = command;
    this.#channels = channels;
  }

  /** Reads what came since the last time; one reading follows the other. */
  read(): Promise<void> {
    const next = this.#reading.then(() => this.#read());
    this.#reading = next.catch(() => {});
    return next;
  }

  /** Everything since the round before, to be asked after a `read` while nobody publishes. */
  take(round: number): readonly LogLine[] {
    return this.#channels.map(channel => {
      const kept = this.#kept.get(channel) ?? { chain: [], head: 0, firstKept: 1, ids: [] };
      const { chain, head, firstKept, ids } = kept;
      this.#kept.set(channel, { chain, head, firstKept: head + 1, ids: [] });
      return { type: 'log', round, channel, head, chain, firstKept, ids };
    });
  }

  async #read(): Promise<void> {
    const keys = this.#channels.flatMap(name => [
      stateKey(name as ChannelName),
      historyKey(name as ChannelName),
    ]);
    const from = this.#channels.map(channel => String((this.#kept.get(channel)?.head ?? 0) + 1));
    const reply = await this.#command('EVAL', READ, String(keys.length), ...keys, ...from);
    const told: readonly Told[] = JSON.parse(reply);
    const torn: string[] = [];
    for (const [index, channel] of this.#channels.entries()) {
      const said = told[index];
      if (said !== undefined && !this.#add(channel, said)) torn.push(channel);
    }
    // Another history: what was kept of the one before is read anew.
    for (const channel of torn) this.#kept.delete(channel);
    if (torn.length > 0) await this.#read();
  }

  /** Whether it follows on from what is kept. */
  #add(channel: string, [headText, chainText, offsets, ids]: Told): boolean {
    const chain = parseChain(chainText) ?? [];
    const head = Number(headText);
    const first = Number.parseInt(listOf(offsets)[0] ?? String(head + 1), 10);
    const before = this.#kept.get(channel);
    if (before === undefined) {
      this.#kept.set(channel, { chain, head, firstKept: first, ids: [...listOf(ids)] });
      return true;
    }
    const isOther = before.chain.at(-1)?.epoch !== chain.at(-1)?.epoch;
    if (before.head > 0 && (isOther || head < before.head)) return false;
    if (first !== before.head + 1)
      throw new Error(`${channel} no longer has ${before.head + 1} to ${first - 1}: it was read too late`);
    before.chain = chain;
    before.head = head;
    before.ids.push(...listOf(ids));
    return true;
  }
}

function listOf<T>(list: LuaList<T>): readonly T[] {
  return Array.isArray(list) ? list : [];
}
