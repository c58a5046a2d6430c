import type { AnyEvents, Channel, PublishOutcome } from '@kittiwake/client';
import type { ChannelName } from '@kittiwake/protocol';
import type { PublishBook, Wanted } from '../check/publish-book.ts';
import type { Scene } from '../world/scene.ts';
import { SimClient } from '../world/sim-client.ts';
import type { Ingress } from '../world/sim-connection.ts';
import { between } from '../world/sim-random.ts';
import { ChannelView } from './channel-view.ts';
import type { Step } from './workload.ts';

const EVENT = 'sim:thing:happen';
const ATTEMPTS_MAX = 4;

/** What applications share. */
export type AppParts = { readonly scene: Scene; readonly ingress: Ingress; readonly book: PublishBook };

/**
 * An application and what it keeps: it outlives its processes, and goes on from the positions that it has committed.
 * Publishes again with the same key what ended as unknown.
 */
export class App {
  readonly name: string;
  readonly views: ReadonlyMap<ChannelName, ChannelView>;
  readonly #parts: AppParts;
  readonly #random;
  readonly #awaited = new Set<string>();
  #life = 0;
  #client: SimClient | undefined;

  constructor(parts: AppParts, name: string, channels: readonly ChannelName[]) {
    this.#parts = parts;
    this.name = name;
    this.#random = parts.scene.random(`app ${name}`);
    this.views = new Map(channels.map(channel => [channel, new ChannelView(parts.scene, name, channel)]));
  }

  /** The process that runs now. */
  get client(): SimClient | undefined {
    return this.#client;
  }

  /** Starts a process, which connects and joins. */
  start(): void {
    if (this.#client !== undefined) return;
    this.#life += 1;
    const client = new SimClient(this.#parts, this.name, this.#life);
    this.#client = client;
    for (const view of this.views.values()) {
      const { position } = view;
      const channel = client.client.channel(view.channel, {
        ...(position === undefined ? {} : { position }),
        ...(view.channel === 'chat:1' ? { presence: { life: this.#life } } : {}),
      });
      channel.on('publication', publication => view.publication(publication));
      for (const outcome of ['truncated', 'trimmed', 'unknown'] as const)
        channel.on(outcome, change => view.changed(change));
      channel.on('resumed', resumed => view.resumed(resumed));
      void channel.join();
    }
    client.client.connect();
  }

  /** The process dies; what it was about to be told it never is. */
  crash(told: boolean): void {
    this.#client?.crash(told);
    this.#client = undefined;
    for (const id of this.#awaited) this.#parts.book.abandoned(id);
    this.#awaited.clear();
  }

  /** Does a step of the workload, unless its process is down. */
  do(step: Step): void {
    const channel = this.#client?.client.channel(step.channel);
    if (channel === undefined) return;
    this.#parts.scene.note(() => `${this.name} ${step.channel} ${step.does} ${'id' in step ? step.id : ''}`);
    switch (step.does) {
      case 'publish':
        this.#publish(channel, step, 1);
        break;
      case 'send':
        channel.send(EVENT, { id: step.id });
        break;
      case 'leave':
        if (!this.views.has(step.channel)) return;
        channel.leave();
        this.#parts.scene.loop.after(
          step.forMs,
          () => void this.#client?.client.channel(step.channel).join(),
        );
        break;
      case 'show':
        if (step.channel === 'chat:1') void channel.setPresence({ shown: step.atMs });
        break;
      case 'history':
        void channel.history({ limit: 10 });
        break;
      case 'ask':
        void this.#client?.client.request('kittiwake:time:get', null);
        break;
    }
  }

  #publish(channel: Channel<AnyEvents>, step: Extract<Step, { does: 'publish' }>, attempt: number): void {
    const { id, ack } = step;
    const wanted: Wanted = { id, channel: step.channel, ack };
    const life = this.#life;
    const data = step.bytes === 0 ? { id } : { id, text: 'x'.repeat(step.bytes) };
    this.#parts.book.asked(wanted);
    this.#awaited.add(id);
    void channel.publish(EVENT, data, { key: id, ...(ack === undefined ? {} : { ack }) }).then(outcome => {
      if (life !== this.#life) return;
      this.#awaited.delete(id);
      this.#ended(wanted, outcome);
      if (outcome.outcome !== 'unknown' || attempt >= ATTEMPTS_MAX) return;
      const client = this.#client;
      client?.clock.after(between(this.#random, 100, 2_000), () => {
        if (client === this.#client) this.#publish(channel, step, attempt + 1);
      });
    });
  }

  #ended(wanted: Wanted, outcome: PublishOutcome): void {
    this.#parts.scene.note(() => `${this.name} ${wanted.channel} ${wanted.id} ${JSON.stringify(outcome)}`);
    this.#parts.book.ended(wanted, outcome);
  }
}
