/** One thing that goes wrong, and for how long. Machines are named by their number. */
export type Fault = { readonly atMs: number; readonly untilMs: number } & Harm;

/** What goes wrong in the world of a seed, and when all of it is over. */
export type FaultPlan = {
  readonly faults: readonly Fault[];
  readonly overMs: number;
  readonly tokensLastMs: number;
};

/** What can go wrong. */
export type Harm =
  /** The process is killed; `told` where its machine lives on and resets the connections. Another one starts afterwards. */
  | { readonly kind: 'gateway-crash'; readonly gateway: number; readonly told: boolean }
  /** SIGSTOP, then SIGCONT. */
  | { readonly kind: 'gateway-pause'; readonly gateway: number }
  /** SIGTERM. */
  | { readonly kind: 'gateway-drain'; readonly gateway: number }
  /** It hands a part of its sessions over, and goes on. */
  | { readonly kind: 'gateway-shed'; readonly gateway: number; readonly sessions: number }
  /** Its subscription goes dead, and looks alive. */
  | { readonly kind: 'gateway-deaf'; readonly gateway: number }
  | { readonly kind: 'gateway-clock'; readonly gateway: number; readonly jumpMs: number }
  | { readonly kind: 'client-crash'; readonly client: number; readonly told: boolean }
  /** Its process hangs, and is found to run still once another one has taken its place. */
  | { readonly kind: 'client-overtaken'; readonly client: number }
  /** A laptop that sleeps. */
  | { readonly kind: 'client-sleep'; readonly client: number }
  | { readonly kind: 'client-clock'; readonly client: number; readonly jumpMs: number }
  /** A hidden tab: its timers are slow. */
  | { readonly kind: 'client-hidden'; readonly client: number }
  /** A client that stops reading. */
  | { readonly kind: 'client-stall'; readonly client: number }
  /** Its connection breaks. */
  | { readonly kind: 'client-reset'; readonly client: number; readonly told: Told }
  /** Nothing crosses between the client and any gateway, in one direction or both. */
  | { readonly kind: 'client-cut'; readonly client: number; readonly way: Way }
  | { readonly kind: 'client-delay'; readonly client: number; readonly delayMs: number }
  /** Something on the way repeats publications, and swaps neighbours. */
  | {
      readonly kind: 'client-proxy';
      readonly client: number;
      readonly duplicate: number;
      readonly swap: number;
    }
  /** The server of tokens is down. */
  | { readonly kind: 'tokens-down' }
  /** SIGKILL of a Redis, which comes back with what its disk has. */
  | { readonly kind: 'redis-crash'; readonly redis: Redis; readonly data: KeptData }
  /** A Redis that hangs; the primary comes back as one that does not know that it was deposed. */
  | { readonly kind: 'redis-pause'; readonly redis: Redis }
  /** A replica that falls behind. */
  | { readonly kind: 'redis-lag'; readonly redis: Redis }
  /** Replicas fall behind, and then the primary hangs or is killed: one of them takes over, and lacks what came last. */
  | { readonly kind: 'redis-lossy-failover'; readonly lagMs: number; readonly hangs: boolean }
  /** Restarted without the script that asks the Sentinels, so soon that they do not notice. */
  | { readonly kind: 'redis-restart'; readonly redis: Redis; readonly data: KeptData }
  /** Nothing crosses between the two sides, or from the first to the second only. */
  | { readonly kind: 'partition'; readonly one: Side; readonly other: Side; readonly way: 'both' | 'one' }
  /** What crosses between the two sides, or from the first to the second only, takes longer. */
  | {
      readonly kind: 'slow-network';
      readonly one: Side;
      readonly other: Side;
      readonly way: 'both' | 'one';
      readonly delayMs: number;
    }
  /** `FLUSHALL`. */
  | { readonly kind: 'redis-flush' }
  /** The keys of one of the channels are evicted. */
  | { readonly kind: 'redis-evict'; readonly channel: number }
  | { readonly kind: 'redis-disk-full' | 'redis-memory-full' | 'redis-rights' }
  /** `SCRIPT FLUSH`, `CLIENT KILL TYPE pubsub`. */
  | { readonly kind: 'redis-script-flush' | 'redis-kill-pubsub' }
  /** `CLIENT PAUSE`. */
  | { readonly kind: 'redis-client-pause'; readonly forMs: number }
  /** Announcements are repeated and overtake each other, but for those of presence. */
  | { readonly kind: 'announcements'; readonly duplicate: number; readonly reorder: number };

/** One of the Redis by its number, or whichever leads at the time. */
export type Redis = number | 'primary';
/** Machines by their names. */
export type Side = readonly string[];
/** What a Redis finds on its disk when it comes back. */
export type KeptData = 'kept' | 'last second lost' | 'empty';

/** Who hears of a broken connection at once. */
export type Told = 'both' | 'client' | 'gateway';
/** Which way is cut. */
export type Way = 'both' | 'up' | 'down';

export type FaultKind = Harm['kind'];
