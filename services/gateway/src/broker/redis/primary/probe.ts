import type { Millis } from '@kittiwake/base';

/** Where a server listens. */
export type RedisAddress = { readonly host: string; readonly port: number };

/** What a Sentinel knows of the group. */
export type SentinelAnswer = { readonly primary: RedisAddress; readonly replicas: readonly RedisAddress[] };

/** A server that says that it is a primary. */
export type Primary = {
  readonly address: RedisAddress;
  /** Names the history that it writes. */
  readonly replid: string;
  /** The history that it followed before it was promoted; 40 noughts where there was none. */
  readonly formerReplid: string;
};

/** Asks Sentinels and servers. Nothing throws: no answer within `timeoutMs` is `undefined`. */
export type Probe = {
  askSentinel(sentinel: RedisAddress, timeoutMs: Millis): Promise<SentinelAnswer | undefined>;
  /** `undefined` as well where the server is no primary. */
  askServer(server: RedisAddress, timeoutMs: Millis): Promise<Primary | undefined>;
  /** Ends every connection; the next question makes new ones. */
  close(): void;
};

/** Whether two addresses are the same. */
export function isSame(one: RedisAddress, other: RedisAddress): boolean {
  return one.host === other.host && one.port === other.port;
}
