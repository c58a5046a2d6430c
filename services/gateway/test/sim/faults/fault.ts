/** One thing that goes wrong, and for how long. Machines are named by their number. */
export type Fault = { readonly atMs: number; readonly untilMs: number } & Harm;

/** What can go wrong. */
export type Harm =
  /** The process is killed; `told` where its machine lives on and resets the connections. Another one starts afterwards. */
  | { readonly kind: 'gateway-crash'; readonly gateway: number; readonly told: boolean }
  /** SIGSTOP, then SIGCONT. */
  | { readonly kind: 'gateway-pause'; readonly gateway: number }
  /** SIGTERM. */
  | { readonly kind: 'gateway-drain'; readonly gateway: number }
  | { readonly kind: 'gateway-clock'; readonly gateway: number; readonly jumpMs: number }
  | { readonly kind: 'client-crash'; readonly client: number; readonly told: boolean }
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
  /** Another primary takes over that lacks the last entries of every channel. */
  | { readonly kind: 'memory-failover'; readonly lost: number };

/** Who hears of a broken connection at once. */
export type Told = 'both' | 'client' | 'gateway';
/** Which way is cut. */
export type Way = 'both' | 'up' | 'down';

export type FaultKind = Harm['kind'];
