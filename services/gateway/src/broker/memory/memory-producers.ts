import type { Millis } from '@kittiwake/base';
import type { Position, Producer } from '@kittiwake/protocol';
import type { BrokerFailure } from '../broker.ts';
import { FENCED, sequenceGap } from '../producer-refusal.ts';

/** What becomes of a numbered publish: it is the next one, was stored before, or is refused. */
export type ProducerVerdict =
  | { readonly kind: 'next' }
  | { readonly kind: 'duplicate'; readonly position: Position | undefined }
  | { readonly kind: 'refused'; readonly failure: BrokerFailure };

type Numbered = {
  readonly epoch: number;
  readonly sequence: number;
  /** The first sequence that is known of the epoch. */
  readonly first: number;
  readonly position: Position;
  readonly untilMs: Millis;
};

type State = {
  /** By epoch and sequence, as they were stored: the last one says where the producer stands. */
  readonly records: Map<string, Numbered>;
  readonly last: Numbered;
  readonly untilMs: Millis;
};

/** The producers of one channel, and what they have stored, for as long as that is remembered (SPEC P8–P10). */
export class MemoryProducers {
  readonly #states = new Map<string, State>();

  /** Decides about a publish. Whatever is heard of a producer keeps its state for another `rememberMs`. */
  judge(producer: Producer, nowMs: Millis, rememberMs: Millis): ProducerVerdict {
    const { id, epoch, sequence } = producer;
    const state = this.#stateOf(id, nowMs);
    const isNew = state === undefined || epoch > state.last.epoch;
    const last = isNew ? { epoch, sequence: 0, first: 0 } : state.last;
    const follows = producer.follows ?? (isNew ? 0 : sequence - 1);
    if (epoch === last.epoch && sequence > last.sequence && follows === last.sequence)
      return { kind: 'next' };
    if (state !== undefined) this.#states.set(id, { ...state, untilMs: nowMs + rememberMs });
    if (epoch < last.epoch) return { kind: 'refused', failure: FENCED };
    // Before the first number that is known, nobody can say whether it was ever stored.
    if (sequence > last.sequence || sequence < last.first)
      return { kind: 'refused', failure: sequenceGap(last.sequence + 1, rememberMs) };
    const known = state?.records.get(recordOf(producer));
    return {
      kind: 'duplicate',
      position: known !== undefined && nowMs < known.untilMs ? known.position : undefined,
    };
  }

  /** Remembers a publish that was judged the next one, and is stored at `position`. */
  remember(producer: Producer, position: Position, untilMs: Millis): void {
    const { id, epoch, sequence } = producer;
    const former = this.#states.get(id);
    const goesOn = former?.last.epoch === epoch;
    const last = { epoch, sequence, first: goesOn ? former.last.first : sequence, position, untilMs };
    const records = former?.records ?? new Map<string, Numbered>();
    records.set(recordOf(producer), last);
    this.#states.set(id, { records, last, untilMs });
  }

  /** Forgets what is too old; true where nothing is left. */
  sweep(nowMs: Millis): boolean {
    for (const [id, { records, untilMs }] of this.#states) {
      for (const [record, numbered] of records) if (nowMs >= numbered.untilMs) records.delete(record);
      if (nowMs >= untilMs) this.#states.delete(id);
    }
    return this.#states.size === 0;
  }

  /** Loses what was stored beyond `offset`: each producer stands where it stood then. */
  failOver(offset: number): void {
    for (const [id, { records, untilMs }] of this.#states) {
      for (const [record, { position }] of records) if (position.offset > offset) records.delete(record);
      const last = [...records.values()].at(-1);
      if (last === undefined) this.#states.delete(id);
      else this.#states.set(id, { records, last, untilMs });
    }
  }

  #stateOf(id: string, nowMs: Millis): State | undefined {
    const state = this.#states.get(id);
    if (state === undefined || nowMs < state.untilMs) return state;
    this.#states.delete(id);
    return undefined;
  }
}

function recordOf({ epoch, sequence }: Producer): string {
  return `${epoch} ${sequence}`;
}
