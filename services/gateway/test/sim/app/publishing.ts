import type { PublishOutcome } from '@kittiwake/client';
import type { PublishBook, Wanted } from '../check/publish-book.ts';
import type { Scene } from '../world/scene.ts';
import type { SimClient } from '../world/sim-client.ts';
import { between } from '../world/sim-random.ts';
import { idOf } from './id-of.ts';
import { AUDIT, CHAT, EVENT, type Step } from './workload.ts';

const ATTEMPTS_MAX = 4;

/** What publishing needs. */
export type PublishingParts = {
  readonly scene: Scene;
  readonly book: PublishBook;
  readonly client: SimClient;
  readonly owner: string;
  readonly life: number;
  readonly producerEpoch: number;
};

/** What is published where, and how. */
export type PublishStep = Omit<Extract<Step, { does: 'publish' }>, 'atMs' | 'client'>;

/** What one process of an application publishes: again, with the same key, where it ended as unknown. */
export class Publishing {
  readonly #parts: PublishingParts;
  readonly #random;
  /** Of which the process does not know yet how they end. */
  readonly #awaited = new Set<string>();
  /** Of which it was told how they ended after all, so that they are not published again. */
  readonly #settled = new Set<string>();
  #over = false;

  constructor(parts: PublishingParts) {
    this.#parts = parts;
    const { scene, book, client, owner, life } = parts;
    this.#random = scene.random(`publishing ${owner}.${life}`);
    client.client.on('settled', ({ data, outcome }) => {
      scene.note(() => `${owner} settled ${idOf(data)} ${JSON.stringify(outcome)}`);
      book.settled(idOf(data), outcome);
      if (outcome.outcome !== 'unknown') this.#settled.add(idOf(data));
    });
    for (const name of [CHAT, AUDIT])
      client.client.channel(name).on('lost', lost => {
        scene.note(() => `${owner} ${name} lost ${JSON.stringify(lost)}`);
        scene.count(`lost ${lost.reason}`);
        book.lost({ owner, life, channel: name });
      });
  }

  publish(step: PublishStep): void {
    this.#attempt(step, 1);
  }

  /** The process is gone. */
  abandon(): void {
    this.#over = true;
    for (const id of this.#awaited) this.#parts.book.abandoned(id);
  }

  #again(step: PublishStep, attempt: number): void {
    if (!this.#over && !this.#settled.has(step.id)) this.#attempt(step, attempt);
  }

  #attempt(step: PublishStep, attempt: number): void {
    const { book, client, owner, life, producerEpoch } = this.#parts;
    const { id, ack, channel } = step;
    const wanted: Wanted = { id, channel, ack, owner, life, producerEpoch };
    const data = step.bytes === 0 ? { id } : { id, text: 'x'.repeat(step.bytes) };
    book.asked(wanted);
    this.#awaited.add(id);
    const options = { key: id, ...(ack === undefined ? {} : { ack }) };
    const published = client.client.channel(channel).publish(EVENT, data, options);
    void published.then(outcome => {
      if (this.#over) return;
      this.#awaited.delete(id);
      this.#ended(wanted, outcome);
      if (outcome.outcome !== 'unknown' || attempt >= ATTEMPTS_MAX) return;
      client.clock.after(between(this.#random, 100, 2_000), () => this.#again(step, attempt + 1));
    });
  }

  #ended(wanted: Wanted, outcome: PublishOutcome): void {
    const { scene, book, owner } = this.#parts;
    scene.note(() => `${owner} ${wanted.channel} ${wanted.id} ${JSON.stringify(outcome)}`);
    book.ended(wanted.id, outcome);
  }
}
