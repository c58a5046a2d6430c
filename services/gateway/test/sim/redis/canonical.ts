import { type ChannelName, type EpochChain, epochAt, type Position } from '@kittiwake/protocol';
import { parseChain } from '../../../src/broker/epoch-chain.ts';
import { historyKey, membersKey, stateKey } from '../../../src/broker/redis/keys.ts';
import type { Keyspace } from './keyspace/keyspace.ts';
import type { StreamReply } from './keyspace/stream-log.ts';
import type { SimRedisNode } from './server/sim-redis-node.ts';

/** How far a node has come with a channel, and by which epochs. */
export type Canonical = {
  /** The last entry; offset 0 of no epoch where there is none. */
  readonly head: Position;
  readonly chain: EpochChain;
  /** The last offset that may be shown to anybody. */
  readonly shownTo: number;
};

/** An entry as it is stored. */
export type CanonicalEntry = {
  readonly offset: number;
  /** `undefined` where the chain does not reach back so far. */
  readonly epoch: string | undefined;
  readonly body: string;
  /** `data` of the body. */
  readonly data: unknown;
  /** When it was stored, by the node's clock. */
  readonly storedAtMs: number;
};

const NOWHERE = { ms: Number.MAX_SAFE_INTEGER, seq: 0 };
const CHAINS_MAX = 256;
const chains = new Map<string, EpochChain>();

/** Looks at a channel without changing anything. */
export function canonicalOf(node: SimRedisNode, channel: ChannelName): Canonical {
  return look(node, data => {
    const state = data.hash(stateKey(channel));
    const chain = chainOf(state?.get('chain') ?? '');
    const offset = Number(state?.get('offset') ?? 0);
    const head = { offset, epoch: chain.at(-1)?.epoch ?? '' };
    return { head, chain, shownTo: Number(state?.get('shown') ?? offset) };
  });
}

/** Everything that is stored, also what is hidden or too old to be given to anybody. */
export function entriesOf(node: SimRedisNode, channel: ChannelName): readonly CanonicalEntry[] {
  const { chain } = canonicalOf(node, channel);
  return look(node, data => stored(data, channel)).map(([id, fields]) => {
    const offset = Number.parseInt(id, 10);
    const body = fields[3] ?? 'null';
    const { data } = JSON.parse(body) as { readonly data?: unknown };
    return { offset, epoch: epochAt(chain, offset), body, data, storedAtMs: Number(fields[1]) };
  });
}

/** Offset of the first entry that is not too old to be given to anybody; one after the head where none is kept. */
export function firstKeptOf(node: SimRedisNode, channel: ChannelName): number {
  return look(node, data => {
    const state = data.hash(stateKey(channel));
    const oldestMs = node.host.clock.nowMs() - Number(state?.get('age') ?? 0);
    const first = stored(data, channel).find(([, fields]) => Number(fields[1]) > oldestMs);
    return first === undefined ? Number(state?.get('offset') ?? 0) + 1 : Number.parseInt(first[0], 10);
  });
}

/** Who is listed in a channel's presence. */
export function listedIn(node: SimRedisNode, channel: ChannelName): readonly string[] {
  return look(node, data => [...(data.hash(membersKey(channel))?.keys() ?? [])]);
}

function look<T>(node: SimRedisNode, at: (data: Keyspace) => T): T {
  node.catchUp();
  return node.server.runner.data.peek(node.host.clock.nowMs(), at);
}

function stored(data: Keyspace, channel: ChannelName): readonly StreamReply[] {
  const stream = data.stream(historyKey(channel));
  return stream?.range({ ms: 0, seq: 0 }, NOWHERE, { count: stream.length, reverse: false }) ?? [];
}

/** Checkers look far more often than chains grow. */
function chainOf(text: string): EpochChain {
  const known = chains.get(text);
  if (known !== undefined) return known;
  const chain = parseChain(text) ?? [];
  if (chains.size >= CHAINS_MAX) chains.clear();
  chains.set(text, chain);
  return chain;
}
