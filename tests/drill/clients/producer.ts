import { type Clock, delay, every, type Millis, type Timer } from '@kittiwake/base';
import type { AnyEvents, Channel, PublishOutcome } from '@kittiwake/client';
import { modeOf } from '../checker/channel-mode.ts';
import type { PublishLine } from '../checker/log-lines.ts';
import type { Journal } from './journal.ts';

/** What a producer needs. */
export type ProducerDeps = {
  /** Unlike that of any other producer of the drill. */
  readonly number: number;
  /** Name of its client in the journal. */
  readonly client: string;
  readonly channel: Channel<AnyEvents>;
  readonly everyMs: number;
  readonly afterMs: number;
  readonly textLength?: number;
  readonly journal: Journal;
  readonly clock: Clock;
};

const EVENT = 'drill:note:add';
/** Publications of one producer; ids stay whole numbers. */
const NOTES_MAX = 1e8;
/** For how long an unknown outcome is repeated with its key. */
const REPEAT_MS = 60_000;
const PAUSE_MS = 200;
const TEXT_LENGTH = 60;

/** Publishes at its pace, in turn at level `primary` and `replicated`, and writes down what became of each. */
export class Producer {
  readonly #deps: ProducerDeps;
  readonly #underWay = new Set<Promise<void>>();
  readonly #text: string;
  #serial = 0;
  #timer: Timer | undefined;

  constructor(deps: ProducerDeps) {
    this.#deps = deps;
    this.#text = 'kittiwake '.repeat(Math.ceil((deps.textLength ?? TEXT_LENGTH) / 10));
  }

  start(): void {
    const { clock, everyMs, afterMs } = this.#deps;
    this.#timer ??= clock.after(afterMs, () => {
      this.#timer = every(clock, everyMs, () => this.#next());
      this.#next();
    });
  }

  /** Publishes no more, and resolves when everything that was published is settled. */
  async pause(): Promise<void> {
    this.#timer?.cancel();
    this.#timer = undefined;
    await Promise.all(this.#underWay);
  }

  #next(): void {
    this.#serial += 1;
    const id = this.#deps.number * NOTES_MAX + this.#serial;
    const work = this.#publish(id, this.#serial % 2 === 0 ? 'replicated' : 'primary');
    this.#underWay.add(work);
    void work.finally(() => this.#underWay.delete(work));
  }

  async #publish(id: number, asked: PublishLine['asked']): Promise<void> {
    const { client, channel, clock, journal } = this.#deps;
    const startedMs = clock.nowMs();
    const data = { id, atMs: startedMs, text: this.#text };
    const send = (): Promise<PublishOutcome> =>
      channel.publish(EVENT, data, { ack: asked, key: `note-${id}` });
    let outcome = await send();
    let attempts = 1;
    // The numbers of a producer are the SDK's: what it repeated until now, nobody else may.
    const repeats = modeOf(channel.name) !== 'numbered';
    while (repeats && isOpen(outcome, attempts) && clock.nowMs() - startedMs < REPEAT_MS) {
      await delay(clock, pauseOf(outcome));
      outcome = await send();
      attempts += 1;
    }
    const common = {
      type: 'publish',
      id,
      client,
      channel: channel.name,
      asked,
      attempts,
      startedMs,
    } as const;
    // A refusal of a repetition says nothing about the first attempt.
    const ended = isOpen(outcome, attempts)
      ? { ...endOf(outcome), outcome: 'unknown' as const }
      : endOf(outcome);
    journal.write({ ...common, ...ended, settledMs: clock.nowMs() });
  }
}

/** As long as the gateway asks for, and a moment at least: who comes sooner is over its rate before long. */
function pauseOf(outcome: PublishOutcome): Millis {
  const askedMs = 'failure' in outcome ? outcome.failure.retryAfterMs : undefined;
  return Math.max(PAUSE_MS, askedMs ?? 0);
}

/** Whether nobody knows yet if it is stored. */
function isOpen({ outcome }: PublishOutcome, attempts: number): boolean {
  return outcome === 'unknown' || (outcome === 'rejected' && attempts > 1);
}

function endOf(ended: PublishOutcome): Pick<PublishLine, 'outcome' | 'position' | 'failure'> {
  switch (ended.outcome) {
    case 'acked':
      return { outcome: 'primary', ...(ended.position !== undefined && { position: ended.position }) };
    case 'replicated':
      return { outcome: 'replicated', ...(ended.position !== undefined && { position: ended.position }) };
    case 'rejected':
    case 'unknown':
      return { outcome: ended.outcome, failure: ended.failure.kind };
  }
}
