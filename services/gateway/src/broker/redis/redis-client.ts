import type { ScriptName } from './scripts.ts';

/** What a connection tells its lane. */
export type RedisClientHandler = {
  /** Connected, logged in, and ready for commands. */
  ready(): void;
  /** The connection is gone; another one is on its way unless `ended` follows. */
  closed(): void;
  /** It has given up; only `connect` makes another one. */
  ended(): void;
  /** An attempt, or the connection, failed; `closed` follows where there was a connection. */
  failed(reason: unknown): void;
  /** Something was announced on a topic that this connection is subscribed to. */
  message(topic: string, text: string): void;
};

/** Whether commands may be sent: `ended` is for good, everything else passes. */
export type RedisClientPhase = 'ready' | 'connecting' | 'ended';

/**
 * One connection to the primary that finds its way back: all that the lanes know of Redis. Commands that were in flight
 * when the connection broke are rejected at that moment and never sent again by themselves; none is queued while there
 * is no connection. Rejections are `Error`s whose message begins with Redis' own word (`READONLY`, `NOREPLICAS`, …).
 */
export type RedisClient = {
  /** Unlike that of any other connection of this client; `undefined` where there is none. */
  readonly connection: unknown;
  readonly phase: RedisClientPhase;
  /** Sets the one handler, before `connect`. */
  listen(handler: RedisClientHandler): void;
  connect(): void;
  /** Gives the connection up; `again` makes another one. */
  disconnect(again: boolean): void;
  /** `INFO replication memory`. */
  info(): Promise<string>;
  /** Runs a script by its hash, and by its text where Redis has forgotten it. Keys come first. */
  run(script: ScriptName, args: readonly (string | number)[]): Promise<unknown>;
  /** Receivers of an announcement. */
  publish(topic: string, text: string): Promise<number>;
  subscribe(topics: readonly string[]): Promise<unknown>;
  unsubscribe(topics: readonly string[]): Promise<unknown>;
  /** Replicas that hold everything written on this connection, once `replicas` do or `timeoutMs` have passed. */
  wait(replicas: number, timeoutMs: number): Promise<number>;
  /** `HVALS`. */
  hashValues(key: string): Promise<readonly string[]>;
};

/** Makes the client of a lane; nothing connects before `connect`. */
export type MakeRedisClient = (lane: LaneName) => RedisClient;

/** What a connection is for: its name in logs and in `CLIENT LIST`. */
export type LaneName = 'commands' | 'subscriber' | 'replicated';
