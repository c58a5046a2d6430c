import { type Clock, every, type Timer } from '@kittiwake/base';
import type { ChannelName, Position } from '@kittiwake/protocol';
import { GENERATION_KEY, stateKey } from './keys.ts';
import type { Lane } from './lane.ts';
import { REDIS_TIMING } from './redis-timing.ts';
import { type Look, TailLedger } from './tail-ledger.ts';

/** What the watch tells. */
export type TailListener = {
  /** Nothing of the database that was known is left: every channel is in doubt, and so is everything else in it. */
  onEmptied(): void;
  /** What these channels were told is not what is stored. */
  onDoubt(channels: readonly ChannelName[]): void;
  /** These channels have entries that nobody is shown yet (SPEC C11). */
  onHidden(channels: readonly ChannelName[]): void;
};

/** What the watch needs. */
export type TailWatchDeps = { readonly commands: Lane; readonly clock: Clock };

/** Channels that are looked at in one period; a look at so many costs Redis 0.6 ms (`INFO commandstats`, two shared cores). */
const LOOKS_MAX = 256;

/**
 * Finds what was lost without a broken connection: a database that was emptied, a state that was evicted, deleted or set
 * back, an announcement that never came (SPEC B9). One script in a period, whatever a gateway holds.
 */
export class TailWatch {
  readonly ledger = new TailLedger();
  readonly #deps: TailWatchDeps;
  readonly #listeners = new Set<TailListener>();
  #generation: string | undefined;
  #looking = false;
  #looks = 0;
  #timer: Timer | undefined;
  #stopListening: (() => void) | undefined;

  constructor(deps: TailWatchDeps) {
    this.#deps = deps;
  }

  /** The returned function ends it. */
  listen(listener: TailListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  start(): void {
    if (this.#timer !== undefined) return;
    this.#timer = every(this.#deps.clock, REDIS_TIMING.canaryEveryMs, () => void this.look());
    this.#stopListening = this.#deps.commands.listen({ onUp: () => void this.look(), onDown: () => {} });
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#stopListening?.();
  }

  /** Looks at the generation, and at the tails of those channels whose turn it is. */
  async look(): Promise<void> {
    if (this.#looking || this.#deps.commands.link === undefined) return;
    this.#looking = true;
    this.#looks += 1;
    const looks = this.ledger.next(LOOKS_MAX);
    const found = await this.#deps.commands.call({ operation: 'tails', writes: false }, (client, link) =>
      // Unlike any other, also of this link: who named the generation that is gone may be the first to look again.
      client.run('kwTails', [
        GENERATION_KEY,
        `${link.salt}-${this.#looks}`,
        ...looks.map(({ channel }) => stateKey(channel)),
      ]),
    );
    this.#looking = false;
    if (!found.ok || !Array.isArray(found.value) || this.#timer === undefined) return;
    const [generation = '', ...tails] = found.value.map(String);
    if (this.#isOther(generation)) {
      for (const listener of this.#listeners) listener.onEmptied();
      return;
    }
    const doubted = looks.filter((look, index) => this.ledger.judge(look, tailAt(tails, index)));
    this.#tell(doubted, (listener, channels) => listener.onDoubt(channels));
    const hiding = looks.filter((_, index) => isHiding(tails, index));
    this.#tell(hiding, (listener, channels) => listener.onHidden(channels));
  }

  /** Whether it is not the generation that was known. */
  #isOther(generation: string): boolean {
    const known = this.#generation;
    this.#generation = generation;
    return known !== undefined && known !== generation;
  }

  #tell(looks: readonly Look[], tell: (to: TailListener, channels: readonly ChannelName[]) => void): void {
    if (looks.length === 0) return;
    for (const listener of this.#listeners)
      tell(
        listener,
        looks.map(({ channel }) => channel),
      );
  }
}

function tailAt(tails: readonly string[], index: number): Position {
  return { offset: Number(tails[2 * index] ?? 0), epoch: tails[2 * index + 1] ?? '' };
}

/** A channel that has entries has an epoch, which the script does not tell while something is hidden. */
function isHiding(tails: readonly string[], index: number): boolean {
  return tails[2 * index] !== '' && tails[2 * index + 1] === '';
}
