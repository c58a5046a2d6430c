import type { AnyEvents, Channel, PublishOutcome } from '@kittiwake/client';
import type { ChannelName } from '@kittiwake/protocol';
import type { PublishBook, Wanted } from '../check/publish-book.ts';
import type { Scene } from '../world/scene.ts';
import { SimClient } from '../world/sim-client.ts';
import type { Ingress } from '../world/sim-connection.ts';
import { between } from '../world/sim-random.ts';
import { ChannelView } from './channel-view.ts';
import { PresenceSheet } from './presence-sheet.ts';
import type { Step } from './workload.ts';

const EVENT = 'sim:thing:happen';
const ATTEMPTS_MAX = 4;

/** What applications share. */
export type AppParts = { readonly scene: Scene; readonly ingress: Ingress; readonly book: PublishBook };

/** Where an application is, and where it shows itself. */
export type AppChannels = { readonly joins: readonly ChannelName[]; readonly showsIn: ChannelName };

/** A process of an application, and what is remembered only as long as it runs. */
type Running = {
  readonly client: SimClient;
  readonly sheet: PresenceSheet | undefined;
  /** Publishes of which it does not know yet how they end. */
  readonly awaited: Set<string>;
};

/**
 * An application and what it keeps: its views outlive its processes, which go on from the positions that it has
 * committed. It publishes again, with the same key, what ended as unknown.
 */
export class App {
  readonly name: string;
  readonly views: ReadonlyMap<ChannelName, ChannelView>;
  readonly #parts: AppParts;
  readonly #showsIn: ChannelName;
  readonly #random;
  #life = 0;
  #running: Running | undefined;

  constructor(parts: AppParts, name: string, { joins, showsIn }: AppChannels) {
    this.#parts = parts;
    this.name = name;
    this.#showsIn = showsIn;
    this.#random = parts.scene.random(`app ${name}`);
    this.views = new Map(joins.map(channel => [channel, new ChannelView(parts.scene, name, channel)]));
  }

  /** The process that runs now. */
  get client(): SimClient | undefined {
    return this.#running?.client;
  }

  /** What the process that runs now shows of itself. */
  get shown(): number | undefined {
    return this.#running?.sheet?.shown;
  }

  /** Starts a process, which connects and joins; does nothing while one runs. */
  start(): void {
    if (this.#running !== undefined) return;
    this.#life += 1;
    const client = new SimClient(this.#parts, this.name, this.#life);
    const shown = -this.#life;
    let sheet: PresenceSheet | undefined;
    for (const view of this.views.values()) {
      if (view.channel !== this.#showsIn) view.follow(client);
      else sheet = new PresenceSheet(view.follow(client, { shown }), client.clock, shown);
    }
    this.#running = { client, sheet, awaited: new Set() };
    client.client.on('status', status => {
      this.#parts.scene.note(() => `${this.name} ${JSON.stringify(status)}`);
      this.#parts.scene.count(`client ${status.phase}`);
    });
    client.client.connect();
  }

  /** The process dies; what it was about to be told it never is. */
  crash(told: boolean): void {
    if (this.#running === undefined) return;
    const { client, awaited } = this.#running;
    this.#running = undefined;
    client.crash(told);
    for (const id of awaited) this.#parts.book.abandoned(id);
  }

  /** Does a step of the workload, unless its process is down. */
  do(step: Step): void {
    const running = this.#running;
    if (running === undefined) return;
    const { client } = running.client;
    const channel = client.channel(step.channel);
    this.#parts.scene.note(() => `${this.name} ${step.channel} ${step.does} ${'id' in step ? step.id : ''}`);
    switch (step.does) {
      case 'publish':
        this.#publish(running, step, 1);
        break;
      case 'send':
        channel.send(EVENT, { id: step.id });
        break;
      case 'leave':
        if (this.views.has(step.channel)) this.#leave(channel, step.forMs);
        break;
      case 'show':
        running.sheet?.show(Math.round(step.atMs));
        break;
      case 'history':
        void channel.history({ limit: 10 });
        break;
      case 'ask':
        void client.request('kittiwake:time:get', null);
        break;
    }
  }

  #leave(channel: Channel<AnyEvents>, forMs: number): void {
    channel.leave();
    this.client?.clock.after(forMs, () => void channel.join());
  }

  #publish(running: Running, step: Extract<Step, { does: 'publish' }>, attempt: number): void {
    const { id, ack } = step;
    const wanted: Wanted = { id, channel: step.channel, ack };
    const { client, clock } = running.client;
    const data = step.bytes === 0 ? { id } : { id, text: 'x'.repeat(step.bytes) };
    this.#parts.book.asked(wanted);
    running.awaited.add(id);
    const options = { key: id, ...(ack === undefined ? {} : { ack }) };
    void client
      .channel(step.channel)
      .publish(EVENT, data, options)
      .then(outcome => {
        if (running !== this.#running) return;
        running.awaited.delete(id);
        this.#ended(wanted, outcome);
        if (outcome.outcome !== 'unknown' || attempt >= ATTEMPTS_MAX) return;
        clock.after(between(this.#random, 100, 2_000), () => this.#publish(running, step, attempt + 1));
      });
  }

  #ended(wanted: Wanted, outcome: PublishOutcome): void {
    this.#parts.scene.note(() => `${this.name} ${wanted.channel} ${wanted.id} ${JSON.stringify(outcome)}`);
    this.#parts.book.ended(wanted, outcome);
  }
}
