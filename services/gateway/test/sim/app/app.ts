import type { ChannelName } from '@kittiwake/protocol';
import type { PublishBook } from '../check/publish-book.ts';
import type { Scene } from '../world/scene.ts';
import { SimClient } from '../world/sim-client.ts';
import type { Ingress } from '../world/sim-connection.ts';
import type { SimDisk } from '../world/sim-store.ts';
import { ChannelView } from './channel-view.ts';
import { PresenceSheet } from './presence-sheet.ts';
import { Publishing, type PublishStep } from './publishing.ts';
import type { Traits } from './traits.ts';
import { AUDIT, CHAT, EVENT, type Step } from './workload.ts';

/** What applications share. */
export type AppParts = { readonly scene: Scene; readonly ingress: Ingress; readonly book: PublishBook };

/** Which channels an application is in, and how it uses the SDK. */
export type AppPlan = { readonly joins: readonly ChannelName[]; readonly traits: Traits };

/** How long a process goes on that was overtaken by another one, once it is awake. */
const TWO_FOR_MS = 4_000;

/** A process of an application, and what is remembered only as long as it runs. */
type Running = {
  readonly client: SimClient;
  readonly sheet: PresenceSheet | undefined;
  readonly publishing: Publishing;
};

/**
 * An application and what it keeps: its views outlive its processes, which go on from the positions that it has
 * committed.
 */
export class App {
  readonly name: string;
  readonly traits: Traits;
  readonly views: ReadonlyMap<ChannelName, ChannelView>;
  /** Where it keeps its publishes; empty where it does not. */
  readonly disk: SimDisk = new Map();
  readonly #parts: AppParts;
  #life = 0;
  #running: Running | undefined;

  constructor(parts: AppParts, name: string, { joins, traits }: AppPlan) {
    this.#parts = parts;
    this.name = name;
    this.traits = traits;
    const { keepsChain, processes } = traits;
    const viewOf = (channel: ChannelName): ChannelView => {
      const processing = processes ? parts.scene.random(`processing ${name} ${channel}`) : undefined;
      return new ChannelView(parts.scene, { owner: name, channel, keepsChain, processing });
    };
    this.views = new Map(joins.map(channel => [channel, viewOf(channel)]));
  }

  /** The process that runs now. */
  get client(): SimClient | undefined {
    return this.#running?.client;
  }

  /** Counts its processes. */
  get life(): number {
    return this.#life;
  }

  /** What the process that runs now shows of itself. */
  get shown(): number | undefined {
    return this.#running?.sheet?.shown;
  }

  /** Starts a process, which connects and joins; does nothing while one runs. */
  start(): void {
    this.#running ??= this.#launch();
  }

  /** The process dies; what it was about to be told it never is. */
  crash(told: boolean): void {
    if (this.#running === undefined) return;
    const { client, publishing } = this.#running;
    this.#running = undefined;
    client.crash(told);
    publishing.abandon();
  }

  /**
   * Its process hangs, and another one is started in its place, which publishes as it did. What is returned wakes it: it
   * goes on as if nothing had been, until somebody notices that there are two. Not where both had one store.
   */
  overtake(): () => void {
    const former = this.#running;
    if (former === undefined || this.traits.stores) return () => {};
    const { client, publishing } = former;
    publishing.publish(this.#ofLife('before'));
    client.host.pause();
    const late = this.#ofLife('late');
    const running = this.#launch();
    this.#running = running;
    running.publishing.publish(this.#ofLife('first'));
    return () => {
      client.host.resume();
      publishing.publish(late);
      this.#parts.scene.loop.after(TWO_FOR_MS, () => {
        client.crash(true);
        publishing.abandon();
      });
    };
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
        running.publishing.publish(step);
        break;
      case 'send':
        channel.send(EVENT, { id: step.id });
        break;
      case 'leave':
        this.#leave(step.channel, step.forMs);
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

  #launch(): Running {
    this.#life += 1;
    const { scene, book } = this.#parts;
    const disk = this.traits.stores ? this.disk : undefined;
    const client = new SimClient({ ...this.#parts, disk }, this.name, this.#life);
    const shown = -this.#life;
    for (const channel of [CHAT, AUDIT]) client.client.channel(channel, this.#startOf(channel, shown));
    let sheet: PresenceSheet | undefined;
    for (const view of this.views.values()) {
      const channel = view.follow(client, this.#startOf(view.channel, shown));
      if (view.channel === CHAT) sheet = new PresenceSheet(channel, client.clock, shown);
    }
    const { name: owner, life } = { name: this.name, life: this.#life };
    const publishing = new Publishing({
      scene,
      book,
      client,
      owner,
      life,
      producerEpoch: this.#producerEpoch,
    });
    let connected = false;
    client.client.on('status', status => {
      scene.note(() => `${this.name} ${JSON.stringify(status)}`);
      scene.count(`client ${status.phase === 'connected' && connected ? 'moved' : status.phase}`);
      connected = status.phase === 'connected';
    });
    client.client.connect();
    return { client, sheet, publishing };
  }

  /** A store keeps the numbers from one life to the next; without one each life is another producer's. */
  get #producerEpoch(): number {
    return this.traits.stores ? 1 : this.#life;
  }

  #ofLife(id: string): PublishStep {
    return {
      does: 'publish',
      channel: AUDIT,
      id: `${this.name}.${this.#life} ${id}`,
      ack: 'primary',
      bytes: 0,
    };
  }

  #startOf(channel: ChannelName, shown: number): Parameters<ChannelView['follow']>[1] {
    const { republishes } = this.traits;
    const view = this.views.get(channel);
    return {
      ...view?.kept,
      ...(channel === CHAT ? { presence: { shown }, republish: republishes } : {}),
      ...(channel === AUDIT ? { producer: { id: this.name, epoch: this.#producerEpoch } } : {}),
    };
  }

  #leave(name: ChannelName, forMs: number): void {
    const [client, view] = [this.client, this.views.get(name)];
    if (client === undefined || view === undefined) return;
    client.client.channel(name).leave();
    client.clock.after(forMs, () => view.comeBack());
  }
}
