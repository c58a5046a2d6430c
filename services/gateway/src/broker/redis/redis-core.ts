import type { Millis } from '@kittiwake/base';
import type { TierDeps } from '../tier-options.ts';
import { Canary } from './canary.ts';
import { canaryTopic } from './keys.ts';
import { Lane, type LaneDeps } from './lane.ts';
import type { LaneName, MakeRedisClient } from './redis-client.ts';
import { Subscriber } from './subscriber.ts';
import { TailWatch } from './tail-watch.ts';

/** The connections of one gateway, which its broker, presence store and bus share: the first that starts opens them, the last closes them. */
export class RedisCore {
  /** Unlike that of any other gateway, and of this one before it was restarted. */
  readonly instance: string;
  readonly commands: Lane;
  readonly replicated: Lane;
  readonly subscriber: Subscriber;
  readonly tails: TailWatch;
  readonly #canary: Canary;
  readonly #canaryTopic: string;
  #users = 0;

  constructor(makeClient: MakeRedisClient, deps: TierDeps) {
    const of = (name: LaneName): LaneDeps => ({ ...deps, name, client: makeClient(name) });
    this.instance = deps.random.hex(8);
    this.commands = new Lane(of('commands'));
    this.replicated = new Lane(of('replicated'));
    this.subscriber = new Subscriber(of('subscriber'));
    this.tails = new TailWatch({ commands: this.commands, clock: deps.clock });
    this.#canaryTopic = canaryTopic(this.instance);
    this.#canary = new Canary({
      ...deps,
      commands: this.commands,
      replicated: this.replicated,
      subscriber: this.subscriber,
      topic: this.#canaryTopic,
    });
  }

  /** Whether each connection is known to work, or to lack a right. */
  get isKnown(): boolean {
    return this.#lanes.every(({ link, missing }) => link !== undefined || missing.length > 0);
  }

  /** What Redis does not permit although a connection needs it (SPEC B10). */
  get missing(): readonly string[] {
    return [...new Set(this.#lanes.flatMap(({ missing }) => missing))].sort();
  }

  /** Why publishes cannot be stored or announcements heard. */
  get trouble(): string | undefined {
    const { missing } = this;
    if (missing.length > 0) return `Redis does not permit ${missing.join(', ')}`;
    if (this.commands.link === undefined) return 'no connection to a primary';
    return this.subscriber.live ? undefined : 'the subscriber is down';
  }

  /** How long ago a canary came back. */
  get heardAgoMs(): Millis {
    return this.#canary.heardAgoMs;
  }

  get #lanes(): readonly Lane[] {
    return [this.commands, this.subscriber.lane, this.replicated];
  }

  acquire(): void {
    this.#users += 1;
    if (this.#users > 1) return;
    this.commands.start();
    this.replicated.start();
    this.subscriber.start();
    this.#canary.start();
    this.tails.start();
    const stopListening = this.subscriber.listen({
      onRecord: () => {},
      onResubscribed: () => {
        stopListening();
        void this.subscriber.subscribe(this.#canaryTopic, 'canary');
      },
    });
  }

  async release(): Promise<void> {
    this.#users -= 1;
    if (this.#users > 0) return;
    this.#canary.stop();
    this.tails.stop();
    await Promise.all([this.commands.stop(), this.replicated.stop(), this.subscriber.stop()]);
  }
}
