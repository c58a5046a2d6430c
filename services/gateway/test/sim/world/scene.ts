import { AssertionError, type Clock, type Random } from '@kittiwake/base';
import { SimHost, SimLoop, SimNetwork } from '@kittiwake/testkit';
import { Ledger } from '../check/ledger.ts';
import { Troubles } from '../check/troubles.ts';
import type { Invariant, Violation } from '../check/violation.ts';
import { RedisSimTier } from './redis-sim-tier.ts';
import { createSharedCodec } from './shared-codec.ts';
import { simRandom } from './sim-random.ts';

/** How a world is watched. */
export type SceneOptions = {
  /** Takes a line for each thing that happens; absent: nothing is written, and nothing is spent on it. */
  readonly trace?: (line: string) => void;
};

/** The server that issues tokens: its clock is right, and it may be down. */
export type TokenServer = { down: boolean; lifetimeMs: number; nowMs(): number };

const LATENCY_MS = { min: 1, max: 12 };
const TOKENS_LAST_MS = 3_600_000;

/** What everybody in one world shares, and what is known about it. Everything in it follows from the seed. */
export class Scene {
  readonly seed: number;
  readonly loop = new SimLoop();
  /** The clock of nobody in the world, which is right. */
  readonly clock: Clock;
  readonly network: SimNetwork;
  readonly ledger = new Ledger();
  readonly tier: RedisSimTier;
  readonly tokens: TokenServer;
  readonly troubles: Troubles;
  readonly counts = new Map<string, number>();
  readonly codec = createSharedCodec();
  readonly #trace: ((line: string) => void) | undefined;
  #violation: Violation | undefined;

  constructor(seed: number, options: SceneOptions = {}) {
    this.seed = seed;
    this.#trace = options.trace;
    this.network = new SimNetwork(this.loop, this.random('network'), { latencyMs: LATENCY_MS });
    this.troubles = new Troubles(this.loop);
    const { clock } = new SimHost(this.loop, 'outside');
    this.clock = clock;
    this.tokens = { down: false, lifetimeMs: TOKENS_LAST_MS, nowMs: clock.nowMs };
    this.tier = new RedisSimTier({
      loop: this.loop,
      network: this.network,
      random: this.random('tier'),
      onStored: (channel, position, id) => this.ledger.stored(channel, position, id),
    });
  }

  get violation(): Violation | undefined {
    return this.#violation;
  }

  /** Whether a timeline is written. */
  get traced(): boolean {
    return this.#trace !== undefined;
  }

  /** The randomness of the part that is called `name`. */
  random(name: string): Random {
    return simRandom(this.seed, name);
  }

  /** Something is not as it must be; the first one counts, and ends the run. */
  violate(invariant: Invariant, message: string): void {
    this.#violation ??= { invariant, atMs: this.loop.nowMs, message };
    this.loop.stop();
    this.note(() => `VIOLATION of ${invariant}: ${message}`);
  }

  /** Something threw where nothing may. */
  crashed(where: string, reason: unknown): void {
    const kind = reason instanceof AssertionError ? 'a belief was broken' : 'it threw';
    const text = reason instanceof Error ? (reason.stack ?? reason.message) : String(reason);
    this.violate('I7', `${where}: ${kind}: ${text}`);
  }

  /** Counts what a batch of seeds has to have done at least. */
  count(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
  }

  /** Writes a line of the timeline, where there is one. */
  note(line: () => string): void {
    this.#trace?.(`${this.loop.nowMs.toFixed(1).padStart(9)}  ${line()}`);
  }
}
