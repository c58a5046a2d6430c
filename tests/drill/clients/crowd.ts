import { type Clock, delay } from '@kittiwake/base';
import {
  type ChannelMap,
  type ChannelStart,
  type Client,
  type ClientOptions,
  createClient,
} from '@kittiwake/client';
import { modeOf } from '../checker/channel-mode.ts';
import type { Journal } from './journal.ts';
import { Producer } from './producer.ts';
import type { Pulse } from './pulse.ts';
import { SeenTable } from './seen-table.ts';
import { Witness } from './witness.ts';

/** One producer: its number is unlike that of any other in the drill. */
export type ProducerPlan = {
  readonly number: number;
  readonly channel: string;
  readonly everyMs: number;
  /** From the start to its first publish: producers take turns. */
  readonly afterMs: number;
  /** Length of the text in each; some tens of characters where absent. */
  readonly textLength?: number;
};

/** Who is in a crowd. */
export type CrowdPlan = {
  /** Before the number of each client, in the journal. */
  readonly name: string;
  readonly channels: readonly string[];
  /** Clients that only listen, each in one channel, shared out evenly. */
  readonly witnesses: number;
  /** Clients that publish as well as listen. */
  readonly producers: readonly ProducerPlan[];
  /** How many clients begin to connect in a second. */
  readonly pacePerSecond: number;
};

/** What a crowd is made with. */
export type CrowdDeps = {
  readonly clock: Clock;
  readonly journal: Journal;
  /** How the client of this name reaches the gateways. */
  readonly optionsOf: (name: string) => ClientOptions;
  /** Watches when things come, where that is asked. */
  readonly pulse?: Pulse | undefined;
};

const TICK_MS = 50;
/** Longer than the SDK keeps a publish that nobody takes. */
const SETTLED_MS = 130_000;

/** SDK clients that watch channels and publish in them, and write down what they see. */
export class Crowd {
  readonly #plan: CrowdPlan;
  readonly #deps: CrowdDeps;
  readonly #seen: ReadonlyMap<string, SeenTable>;
  readonly #clients: Client<ChannelMap>[] = [];
  readonly #witnesses: { readonly witness: Witness; readonly channel: string }[] = [];
  readonly #producers: Producer[] = [];

  constructor(plan: CrowdPlan, deps: CrowdDeps) {
    this.#plan = plan;
    this.#deps = deps;
    this.#seen = new Map(plan.channels.map(channel => [channel, new SeenTable(channel, deps.journal)]));
  }

  /** Connects everybody, at its pace, and resolves when all are members. Nobody publishes yet. */
  async start(): Promise<void> {
    const { channels, witnesses, producers, pacePerSecond } = this.#plan;
    const { clock, journal } = this.#deps;
    const joins: Promise<void>[] = [];
    for (const plan of producers) {
      const { name, channel, joined } = this.#enter(plan.channel, startOf(plan));
      this.#producers.push(new Producer({ ...plan, client: name, channel, clock, journal }));
      joins.push(joined);
    }
    const perTick = Math.max(1, Math.round((pacePerSecond * TICK_MS) / 1_000));
    for (let index = 0; index < witnesses; index += 1) {
      joins.push(this.#enter(channels[index % channels.length] ?? '').joined);
      if (index % perTick === perTick - 1) await delay(clock, TICK_MS);
    }
    await Promise.all(joins);
  }

  /**
   * Lets the producers go on, or makes them pause; a pause resolves when every publish is settled, those as well that the
   * SDK publishes again by itself.
   */
  async publish(on: boolean): Promise<void> {
    if (on) {
      for (const producer of this.#producers) producer.start();
      return;
    }
    await Promise.all(this.#producers.map(producer => producer.pause()));
    const { clock } = this.#deps;
    const giveUpAtMs = clock.monotonicMs() + SETTLED_MS;
    while (this.#clients.some(({ queued }) => queued.messages > 0) && clock.monotonicMs() < giveUpAtMs)
      await delay(clock, TICK_MS);
  }

  /** How many clients are not members now, or have not everything up to these heads. */
  behind(heads: { readonly [channel: string]: number }): number {
    return this.#witnesses.filter(({ witness, channel }) => !witness.hasUpTo(heads[channel] ?? 0)).length;
  }

  /** Ends a round in the journal: what was seen up to now stands before the mark. */
  mark(round: number): void {
    const { journal } = this.#deps;
    let deliveries = 0;
    for (const { witness } of this.#witnesses) deliveries += witness.flush();
    for (const table of this.#seen.values()) table.flush();
    journal.write({ type: 'mark', round, deliveries });
  }

  close(): void {
    for (const client of this.#clients) client.close();
  }

  #enter(channelName: string, start: ChannelStart = {}) {
    const { clock, journal, optionsOf, pulse } = this.#deps;
    const name = `${this.#plan.name}.${this.#clients.length}`;
    const client = createClient(optionsOf(name));
    const channel = client.channel(channelName, start);
    const seen = this.#seen.get(channelName);
    if (seen === undefined) throw new Error(`${channelName} is none of the crowd's channels`);
    const witness = new Witness({ name, client, channel, seen, journal, clock });
    witness.watch();
    pulse?.watch(name, client, channel);
    this.#clients.push(client);
    this.#witnesses.push({ witness, channel: channelName });
    client.connect();
    const joined = channel.join().then(result => {
      if (!result.ok) throw new Error(`${name} cannot join ${channelName}: ${result.error.kind}`);
    });
    return { name, channel, joined };
  }
}

/** What the SDK does for a producer of this channel by itself. */
function startOf({ number, channel }: ProducerPlan): ChannelStart {
  switch (modeOf(channel)) {
    case 'republish':
      return { republish: true };
    case 'numbered':
      return { producer: { id: `producer-${number}`, epoch: 1 } };
    case 'keys':
    case 'safe':
      return {};
  }
}
