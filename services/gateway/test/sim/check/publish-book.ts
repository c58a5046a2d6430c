import type { PublishOutcome } from '@kittiwake/client';
import { type AckLevel, type ChannelName, epochAt, type Position } from '@kittiwake/protocol';
import type { Scene } from '../world/scene.ts';

/** One thing that an application wants published, however often it has to ask for it. */
export type Wanted = {
  readonly id: string;
  readonly channel: ChannelName;
  readonly ack: AckLevel | undefined;
};

type Entry = {
  readonly wanted: Wanted;
  /** Attempts whose outcome is not known yet. */
  open: number;
  /** An attempt ended so that it may be stored. */
  mayBeStored: boolean;
  rejected: boolean;
  /** Where it stands, and how safely, as it was acknowledged; all of them. */
  readonly acks: { readonly position: Position; readonly replicated: boolean; readonly atMs: number }[];
};

/** What every application was told about what it published, held against what was stored (I3, I5). */
export class PublishBook {
  readonly #scene: Scene;
  readonly #entries = new Map<string, Entry>();

  constructor(scene: Scene) {
    this.#scene = scene;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** An attempt begins; publishing it again with the same key is another attempt of the same. */
  asked(wanted: Wanted): void {
    const entry = this.#entries.get(wanted.id);
    if (entry !== undefined) entry.open += 1;
    else {
      this.#entries.set(wanted.id, { wanted, open: 1, mayBeStored: false, rejected: false, acks: [] });
    }
  }

  /** The process that asked is gone, and what became of it nobody will know. */
  abandoned(id: string): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    entry.open -= 1;
    entry.mayBeStored = true;
  }

  /** The outcome of an attempt. */
  ended({ id }: Wanted, outcome: PublishOutcome): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    entry.open -= 1;
    this.#scene.count(`publish ${outcome.outcome}`);
    switch (outcome.outcome) {
      case 'acked':
      case 'replicated':
        entry.mayBeStored = true;
        if (outcome.position !== undefined)
          this.#acked(entry, outcome.position, outcome.outcome === 'replicated');
        break;
      case 'unknown':
        entry.mayBeStored = true;
        break;
      case 'rejected':
        entry.rejected = true;
        break;
    }
  }

  /** After the calm: everything is settled, and what was said is true. */
  checkAll(): void {
    for (const entry of this.#entries.values()) {
      this.#checkSettled(entry);
      for (const ack of entry.acks) if (ack.replicated) this.#checkKept(entry, ack.position, ack.atMs);
    }
  }

  #acked(entry: Entry, position: Position, replicated: boolean): void {
    const { id, channel, ack } = entry.wanted;
    const { ledger, loop } = this.#scene;
    const stored = ledger.idAt(channel, position);
    if (stored !== id)
      this.#scene.violate(
        'I5',
        `${id} was acknowledged at ${show(position)}, where ${stored ?? 'nothing'} is`,
      );
    if (ack === 'replicated' && !replicated)
      this.#scene.violate('I5', `${id} was acknowledged for less than it asked for`);
    entry.acks.push({ position, replicated, atMs: loop.nowMs });
  }

  #checkSettled({ wanted: { id }, open, rejected, mayBeStored }: Entry): void {
    if (open > 0) this.#scene.violate('I5', `${id} is not settled`);
    if (rejected && !mayBeStored && this.#scene.ledger.has(id))
      this.#scene.violate('I5', `${id} was rejected, and is stored`);
  }

  #checkKept({ wanted: { id, channel } }: Entry, position: Position, atMs: number): void {
    const { tier } = this.#scene;
    const { chain, head } = tier.canonical(channel);
    const kept = position.offset <= head.offset && epochAt(chain, position.offset) === position.epoch;
    if (!kept && tier.keeps(channel, position, atMs))
      this.#scene.violate('I3', `${id} was acknowledged as replicated at ${show(position)}, and is lost`);
  }
}

function show({ offset, epoch }: Position): string {
  return `${offset}@${epoch}`;
}
