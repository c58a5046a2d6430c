import { type ChannelName, type EpochChain, epochAt } from '@kittiwake/protocol';
import { parseChain } from '../../../src/broker/epoch-chain.ts';
import { historyKey, stateKey } from '../../../src/broker/redis/keys.ts';
import type { SimRedisNode } from './server/sim-redis-node.ts';

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

/** What a node holds of a channel. */
export type Canonical = {
  /** The last offset that was given, 0 where there is none. */
  readonly head: number;
  readonly chain: EpochChain;
  /** Everything that is stored, also what is too old to be given to anybody. */
  readonly entries: readonly CanonicalEntry[];
  /** All fields of the channel's state. */
  readonly state: ReadonlyMap<string, string>;
};

const NOWHERE = { ms: Number.MAX_SAFE_INTEGER, seq: 0 };

/** Looks at a channel without changing anything. */
export function canonicalOf(node: SimRedisNode, channel: ChannelName): Canonical {
  node.catchUp();
  return node.server.runner.data.peek(node.host.clock.nowMs(), data => {
    const state = new Map(data.hash(stateKey(channel)));
    const chain = parseChain(state.get('chain') ?? '') ?? [];
    const stored = data.stream(historyKey(channel));
    const replies = stored?.range({ ms: 0, seq: 0 }, NOWHERE, { count: stored.length, reverse: false }) ?? [];
    const entries = replies.map(([id, fields]) => entryOf(id, fields, chain));
    return { head: Number(state.get('offset') ?? 0), chain, entries, state };
  });
}

function entryOf(id: string, fields: readonly string[], chain: EpochChain): CanonicalEntry {
  const offset = Number(id.slice(0, id.indexOf('-')));
  const body = fields[3] ?? 'null';
  const { data } = JSON.parse(body) as { readonly data?: unknown };
  return { offset, epoch: epochAt(chain, offset), body, data, storedAtMs: Number(fields[1]) };
}
