import type { PublishOutcome } from '@kittiwake/client';
import { type AckLevel, type ChannelName, epochAt, type Position } from '@kittiwake/protocol';
import type { Scene } from '../world/scene.ts';

/** One thing that an application wants published, however often it has to ask for it. */
export type Wanted = {
  readonly id: string;
  readonly channel: ChannelName;
  readonly ack: AckLevel | undefined;
  /** The application, and which of its lives asked. */
  readonly owner: string;
  readonly life: number;
  /** Under which epoch of its producer it is numbered, where the channel numbers what is published. */
  readonly producerEpoch: number;
};

/** Whom something was told about a channel. */
export type Addressee = Pick<Wanted, 'owner' | 'life' | 'channel'>;

/** Where something stands by its acknowledgement, and how safely. */
export type Acked = { readonly position: Position; readonly replicated: boolean; readonly atMs: number };

/** What is known of one of them. */
export type BookEntry = {
  readonly wanted: Wanted;
  /** Attempts whose outcome is not known yet. */
  open: number;
  /** An attempt ended so that it may be stored. */
  mayBeStored: boolean;
  rejected: boolean;
  /** The last word about it was not an acknowledgement. */
  doubtful: boolean;
  readonly acks: Acked[];
};

/** What every application was told about what it published, held against what was stored (I3, I5). */
export class PublishBook {
  readonly #scene: Scene;
  readonly #entries = new Map<string, BookEntry>();
  /** By application and channel, the latest life that was told of a loss; one that was overtaken may hear of its own after that. */
  readonly #toldLost = new Map<string, number>();

  constructor(scene: Scene) {
    this.#scene = scene;
  }

  /** An attempt begins; publishing it again with the same key is another attempt of the same. */
  asked(wanted: Wanted): void {
    const entry = this.#entries.get(wanted.id);
    if (entry !== undefined) entry.open += 1;
    else
      this.#entries.set(wanted.id, {
        wanted,
        open: 1,
        mayBeStored: false,
        rejected: false,
        doubtful: false,
        acks: [],
      });
  }

  /** The process that asked is gone, and what became of it nobody may ever know. */
  abandoned(id: string): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    entry.open -= 1;
    entry.mayBeStored = true;
    entry.doubtful = true;
  }

  /** The outcome of an attempt. */
  ended(id: string, outcome: PublishOutcome): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    entry.open -= 1;
    this.settled(id, outcome);
  }

  /** A last word about a publish: the outcome of an attempt, or what came to light when nobody waited any more. */
  settled(id: string, outcome: PublishOutcome): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    this.#scene.count(`publish ${outcome.outcome}`);
    const acked = outcome.outcome === 'acked' || outcome.outcome === 'replicated';
    entry.doubtful = !acked;
    entry.mayBeStored ||= outcome.outcome !== 'rejected';
    entry.rejected ||= outcome.outcome === 'rejected';
    if (acked && outcome.position !== undefined)
      this.#acked(entry, outcome.position, outcome.outcome === 'replicated');
  }

  /** An application was told that something is gone for which it has an acknowledgement. */
  lost(addressee: Addressee): void {
    const address = addressOf(addressee);
    this.#toldLost.set(address, Math.max(addressee.life, this.#toldLost.get(address) ?? 0));
  }

  /** Whether an application was told of a loss in a channel, in this life or a later one. */
  wasToldOfLoss(addressee: Addressee): boolean {
    return (this.#toldLost.get(addressOf(addressee)) ?? 0) >= addressee.life;
  }

  /** Everything that was asked for, in the order in which it was. */
  entries(): Iterable<Readonly<BookEntry>> {
    return this.#entries.values();
  }

  /** After the calm: everything is settled, and what was said is true. */
  checkAll(): void {
    for (const entry of this.#entries.values()) {
      this.#checkSettled(entry);
      for (const ack of entry.acks) if (ack.replicated) this.#checkKept(entry.wanted, ack);
    }
  }

  #acked(entry: BookEntry, position: Position, replicated: boolean): void {
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

  #checkSettled({ wanted: { id }, open, rejected, mayBeStored }: BookEntry): void {
    if (open > 0) this.#scene.violate('I5', `${id} is not settled`);
    if (rejected && !mayBeStored && this.#scene.ledger.has(id))
      this.#scene.violate('I5', `${id} was rejected, and is stored`);
  }

  #checkKept({ id, channel }: Wanted, { position }: Acked): void {
    const { tier } = this.#scene;
    const { chain, head } = tier.canonical(channel);
    const kept = position.offset <= head.offset && epochAt(chain, position.offset) === position.epoch;
    if (!kept && tier.keeps(channel, position))
      this.#scene.violate('I3', `${id} was acknowledged as replicated at ${show(position)}, and is lost`);
  }
}

function show({ offset, epoch }: Position): string {
  return `${offset}@${epoch}`;
}

function addressOf({ owner, channel }: Addressee): string {
  return `${owner} ${channel}`;
}
